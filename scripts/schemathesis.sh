#!/bin/bash
# Asks a server everything that its description allows, and much that it does not: no answer may be a failure of ours,
# or one that the description does not name. What the tester is told beside that stands in schemathesis.toml.
# usage: schemathesis.sh PROGRAM
set -euo pipefail
cd "$(dirname "$0")/.."
program=$1
version=4.32.5
target=${CARGO_TARGET_DIR:-$PWD/target}
venv=$target/schemathesis-$version

if ! "$venv/bin/st" --version >/dev/null 2>&1; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/benchtools-schemathesis.XXXXXX")
pid=''
clean_up() {
    if [ -n "$pid" ]; then
        kill -TERM "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

export API_TOKEN=a-token-for-tests DATABASE_URL="sqlite:///$folder/data.db" UPLOAD_DIR="$folder/uploads"
HOST=127.0.0.1 PORT=0 "$program" serve >"$folder/log" 2>&1 &
pid=$!
server=''
for _ in $(seq 100); do
    server=$(sed -n 's/.*\(http:\/\/127\.0\.0\.1:[0-9]*\).*/\1/p' "$folder/log" | head -n 1)
    [ -n "$server" ] && curl -fsS "$server/api/health" >/dev/null 2>&1 && break
    kill -0 "$pid" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
    sleep 0.1
done

# The same questions every time: a change is tested, not luck.
if ! "$venv/bin/st" --config-file schemathesis.toml run "$server/openapi.json" --header "Authorization: Bearer $API_TOKEN" \
    --checks all --max-examples 10 --seed 1 --workers 2 --no-color >"$folder/told" 2>&1; then
    cat "$folder/told" >&2
    exit 1
fi
grep -E 'Selected|generated' "$folder/told"
if grep -E ' panic|"failed"| ERROR ' "$folder/log"; then
    echo "The server failed in silence." >&2
    exit 1
fi
