#!/bin/bash
# What `make run` does once dist/ is built: starts the server with its data in ./data, measures this
# machine once, prints its place in the ranking, and leaves the server in the foreground.
set -euo pipefail
cd "$(dirname "$0")/.."

export HOST="${HOST:-0.0.0.0}" PORT="${PORT:-8007}" DATABASE_URL="${DATABASE_URL:-sqlite:///./data/data.db}"
export UPLOAD_DIR="${UPLOAD_DIR:-./data/uploads}"
server="http://localhost:$PORT"
mkdir -p data

dist/benchtools-server serve &
pid=$!
stop() {
    trap - INT TERM EXIT
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" || true
    exit "$1"
}
trap 'stop 0' INT TERM
trap 'stop $?' EXIT

# The server says when it is ready; ten seconds are far more than it needs.
for _ in $(seq 100); do
    curl -fsS "$server/api/health" >/dev/null 2>&1 && break
    kill -0 "$pid" 2>/dev/null || { wait "$pid"; exit 1; }
    sleep 0.1
done
# Another server on this port may have answered in its place.
kill -0 "$pid" 2>/dev/null || { wait "$pid"; exit 1; }

API_TOKEN=$(dist/benchtools-server token show)
export API_TOKEN
printf '\nMeasuring this machine (20 seconds at most) …\n\n'
curl -fsSL "$server/bench.sh" | sh -s -- --short || echo "This machine could not be measured fully; the lines above say why." >&2

printf '\nThe ranking:\n\n'
dist/benchtools-server ranking

cat <<TEXT

The page: $server/
To measure another machine, paste this line there (with this machine's address instead of localhost):

    curl -fsSL $server/bench.sh | sh -s -- --token $API_TOKEN

The server goes on until you press Ctrl-C.
TEXT
wait "$pid"
