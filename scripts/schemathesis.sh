#!/bin/bash
# Asks a server everything that its description allows, and much that it does not: no answer may be a failure of ours,
# or one that the description does not name. What the tester is told beside that stands in schemathesis.toml.
# usage: schemathesis.sh PROGRAM [SEED]      the same seed asks the same questions: a change is tested, not luck
set -euo pipefail
program=$(realpath "$1")
seed=${2:-1}
cd "$(dirname "$0")/.."
version=4.32.5
venv=${CARGO_TARGET_DIR:-$PWD/target}/schemathesis-$version

if ! "$venv/bin/st" --version >/dev/null 2>&1; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
fi

. scripts/server.sh schemathesis
export API_TOKEN=a-token-for-tests TRUSTED_PROXIES=127.0.0.1
# Machines that are there before it begins, so that most ids lead to something.
"$program" seed --devices 30 --benchmarks 60 >"$folder/seeded" 2>&1 || { cat "$folder/seeded" >&2; exit 1; }
start_server "$program"

ask() { # METHOD PATH [CURL ARGUMENT…]
    local method=$1 path=$2
    shift 2
    curl -fsS -o /dev/null -X "$method" -H "Authorization: Bearer $API_TOKEN" "$@" "$server$path"
}
json='Content-Type: application/json'
for report in crates/report/tests/golden/*.json; do
    ask POST /api/benchmark -H "$json" --data-binary "@$report"
done
printf '%%PDF-1.4\n%%%%EOF\n' >"$folder/manual.pdf"
for id in $(seq 30); do
    ask POST "/api/devices/$id/links" -H "$json" -d "{\"url\":\"https://example.org/$id\",\"kind\":\"manual\"}"
    ask POST "/api/devices/$id/docs" -F kind=manual -F "file=@$([ $((id % 2)) = 0 ] && echo docs/ranking.png || echo "$folder/manual.pdf")"
    ask POST /api/tokens -H "$json" -d "{\"name\":\"laptop $id\",\"scope\":\"submit\"}"
done

"$venv/bin/python" scripts/check_examples.py crates/server/openapi.json crates/report/tests/golden/*.json
# The tester keeps its notes where it runs.
config=$PWD/schemathesis.toml
export PYTHONPATH=$PWD/scripts PYTHONDONTWRITEBYTECODE=1 ANSWERED="$folder/answered" SERVER="$server"
if ! (cd "$folder" && "$venv/bin/st" --config-file "$config" run "$server/openapi.json" \
    --header "Authorization: Bearer $API_TOKEN" --seed "$seed" --no-color) >"$folder/told" 2>&1; then
    cat "$folder/told" >&2
    echo "schemathesis: the server does not do what openapi.json says (seed $seed)." >&2
    exit 1
fi
if grep -E 'panicked|internal| ERROR ' "$folder/log"; then
    echo "schemathesis: the server failed in silence (seed $seed)." >&2
    exit 1
fi
answered=$(cut -d' ' -f1 "$folder/answered")
if [ "$answered" -lt 50 ]; then
    echo "schemathesis: only refusals were tested (seed $seed): $(cat "$folder/answered")" >&2
    exit 1
fi
echo "schemathesis, seed $seed: $(grep -oE '[0-9]+ generated' "$folder/told" | cut -d' ' -f1) questions; $(cat "$folder/answered")"
