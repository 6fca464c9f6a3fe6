# A server for the script that sources this: its data in a temporary folder, on a free port; both end with the script.
# Gives $folder at once, DATABASE_URL and UPLOAD_DIR in it, and $server after `start_server PROGRAM`.
# usage: . scripts/server.sh NAME      NAME: what the folder is called after
folder=$(mktemp -d "${TMPDIR:-/tmp}/benchtools-$1.XXXXXX")
pid=''
server=''
clean_up() {
    if [ -n "$pid" ]; then
        kill -TERM "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
export DATABASE_URL="sqlite:///$folder/data.db" UPLOAD_DIR="$folder/uploads"

start_server() { # PROGRAM
    HOST=127.0.0.1 PORT=0 "$1" serve >"$folder/log" 2>&1 &
    pid=$!
    for _ in $(seq 100); do
        server=$(sed -n 's/.*\(http:\/\/127\.0\.0\.1:[0-9]*\).*/\1/p' "$folder/log" | head -n 1)
        [ -n "$server" ] && curl -fsS "$server/api/health" >/dev/null 2>&1 && return
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    cat "$folder/log" >&2
    return 1
}
