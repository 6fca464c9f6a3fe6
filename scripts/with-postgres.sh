#!/bin/bash
# Runs a command with TEST_POSTGRES_URL naming a PostgreSQL of its own: made in a temporary folder,
# reachable through a socket there and nowhere else, and gone when the command ends.
# usage: with-postgres.sh COMMAND [ARG…]
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "PostgreSQL is not installed (Debian: postgresql)" >&2; exit 1; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/benchtools-postgres.XXXXXX")
# PostgreSQL refuses to run as root; Debian's package brings a user for it.
as_owner=()
if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$folder"
    as_owner=(runuser -u postgres --)
fi
server=''
clean_up() {
    [ -z "$server" ] || "${as_owner[@]}" "$bin/pg_ctl" stop -D "$folder/data" -m immediate >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

cd /
"${as_owner[@]}" "$bin/initdb" -D "$folder/data" -U postgres -A trust --no-sync -E UTF8 --locale=C >"$folder/log" 2>&1 ||
    { cat "$folder/log" >&2; exit 1; }
# The data is thrown away: waiting for the disk would prove nothing in a test. `make bench` does wait.
"${as_owner[@]}" "$bin/pg_ctl" start -w -D "$folder/data" -l "$folder/data/log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=${POSTGRES_FSYNC:-off} -c max_connections=300" \
    >>"$folder/log" 2>&1 || { cat "$folder/log" "$folder/data/log" >&2; exit 1; }
server=running
cd - >/dev/null

export TEST_POSTGRES_URL="postgres://postgres@localhost/postgres?host=$folder"
"$@"
