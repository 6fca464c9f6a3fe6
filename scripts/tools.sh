#!/bin/sh
# Builds the Rust tools that `make lint` needs, once, into Cargo's own folder for programs.
set -eu
for tool in cargo-deny@0.20.2 cargo-machete@0.9.2; do
    command -v "${tool%@*}" >/dev/null 2>&1 || cargo install --locked --quiet --no-default-features "$tool"
done
