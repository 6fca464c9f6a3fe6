#!/bin/sh
# Makes sure that the Debian packages for one goal of the Makefile are there.
# usage: setup.sh build|test|bench|lint
# As root it installs what is missing; otherwise it prints the command and fails.
set -eu

# What a goal needs: a program that must be found, and the Debian package that brings it.
build='cc:gcc make:make curl:curl file:file'
tests='busybox:busybox dash:dash wget:wget strace:strace unshare:util-linux btrfs:btrfs-progs
chromium:chromium chromedriver:chromium-driver initdb:postgresql node:nodejs npm:npm
python3:python3 python3-venv:python3-venv'
bench='initdb:postgresql sysbench:sysbench fio:fio'

case "${1:-}" in
build | lint) needs=$build ;;
test) needs="$build $tests" ;;
bench) needs="$build $bench" ;;
*)
    echo "usage: setup.sh build|test|bench|lint" >&2
    exit 2
    ;;
esac

found() {
    command -v "$1" >/dev/null 2>&1 && return 0
    # Debian's Python has `venv`, but without its package that does not work.
    [ "$1" = python3-venv ] && python3 -c 'import ensurepip' 2>/dev/null && return 0
    # Debian keeps the database's programs out of PATH, in one folder per version.
    [ "$1" = initdb ] && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

if ! command -v cargo >/dev/null 2>&1; then
    echo "Rust is missing. Install it from your distribution or with rustup, then run this again." >&2
    exit 1
fi

packages=''
for need in $needs; do
    found "${need%%:*}" || packages="$packages ${need#*:}"
done
[ -n "$packages" ] || exit 0

install="apt-get install --yes --no-install-recommends$packages"
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing:$packages. On Debian, install them with:" >&2
    echo "    sudo $install" >&2
    exit 1
fi
echo "Installing:$packages"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # one word per package is what is wanted
$install >/dev/null
