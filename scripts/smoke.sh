#!/bin/bash
# What `make build` put into dist/ works as it stands: static programs, the sizes we promise, and the
# whole way from one line on a machine to the ranking, against a server in a temporary folder.
set -euo pipefail
cd "$(dirname "$0")/.."

agent=$(ls dist/agent/*/benchtools | head -n 1)
check_program() { # FILE LIMIT (millions of bytes)
    if ! file -L "$1" | grep -qE 'static(-pie|ally) linked'; then
        echo "$1 is not static" >&2
        exit 1
    fi
    local bytes
    bytes=$(stat -c %s "$1")
    printf '%s: %d bytes\n' "$1" "$bytes"
    if [ "$bytes" -gt $(($2 * 1000 * 1000)) ]; then
        echo "$1 is larger than $2 MB" >&2
        exit 1
    fi
}
check_program dist/benchtools-server 12
check_program "$agent" 5

. scripts/server.sh smoke
export XDG_STATE_HOME="$folder/state" XDG_CACHE_HOME="$folder/cache" HOME="$folder"
start_server dist/benchtools-server

API_TOKEN=$(dist/benchtools-server token show)
export API_TOKEN
for name in first second; do
    curl -fsSL "$server/bench.sh" | sh -s -- --short --skip-disk --device "$name"
done
page=$(curl -fsSL -H 'Accept: text/html' "$server/")
for name in first second; do
    grep -q ">$name<" <<<"$page" || { echo "$name is not on the page" >&2; exit 1; }
done
echo "smoke test passed"
