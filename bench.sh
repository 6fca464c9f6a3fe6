#!/bin/sh
# Linux BenchTools: measures this machine and sends the report to your server. Installs nothing.
#
# The server that hands this file out replaces the two lines below, each as a whole, shell-quoted:
#   SERVER=''    by its own address:                     SERVER='http://bench.lan:8007'
#   TARGETS=''   by the agents it has, between blanks:   TARGETS='aarch64-unknown-linux-gnu x86_64-unknown-linux-gnu'
# As it stands, the file works with --server. Everything below only runs from the last line, so that a
# download that was cut runs nothing.
SERVER=''
TARGETS=''

# Prints $1 in English or $2 in French, as the locale asks.
say() {
    case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
    fr*) printf '%s\n' "$2" ;;
    *) printf '%s\n' "$1" ;;
    esac
}

# Ends with exit code 2: nothing was measured or sent.
die() {
    say "bench.sh: $1" "bench.sh : $2" >&2
    exit 2
}

usage() {
    say "Measures this machine and sends the report to your Linux BenchTools server.

  curl -fsSL http://SERVER:8007/bench.sh | sh -s -- --token TOKEN [options]

  --token TOKEN        the server's token (or API_TOKEN in the environment)
  --server URL         the server (default: ${SERVER:-none}); the full .../api/benchmark works too
  --device NAME        name of this device (default: its host name)
  --short, --thorough  at most 20 s, at most 10 min (default: at most 90 s)
  --skip-cpu, --skip-memory, --skip-disk, --skip-network, --skip-gpu
                       leave a component out
  --inventory          send what the machine is made of; measure nothing
  --if-idle            stay away (exit code 3) rather than disturb a busy machine
  --disk-path DIR      measure the disk under DIR; may be repeated
  --full-network       measure the full speed to a public address too
  --iperf-server HOST  measure to this iperf3 server too
  --include-serials    send serial numbers in clear too
  --label TEXT         short label of this benchmark
  --note TEXT          note on this benchmark
  --ca-file FILE       trust the certificate authorities in FILE (PEM)
  --dry-run            print the report that would be sent, and send nothing
  --send               measure nothing; send the reports that wait on this machine.
                       With --all also those that wait for another address than this server's,
                       with --retry-set-aside also those that the server had refused
  --help               this text

Exit codes: 0 all done and accepted, 1 a test failed or the report waits on this machine,
2 nothing measured or sent, 3 busy (--if-idle)." \
        "Mesure cette machine et envoie le rapport à votre serveur Linux BenchTools.

  curl -fsSL http://SERVEUR:8007/bench.sh | sh -s -- --token JETON [options]

  --token JETON        le jeton du serveur (ou API_TOKEN dans l’environnement)
  --server URL         le serveur (par défaut : ${SERVER:-aucun}) ; l’adresse .../api/benchmark convient aussi
  --device NOM         nom de cette machine (par défaut : son nom d’hôte)
  --short, --thorough  20 s au plus, 10 min au plus (par défaut : 90 s au plus)
  --skip-cpu, --skip-memory, --skip-disk, --skip-network, --skip-gpu
                       laisser une composante de côté
  --inventory          envoyer ce dont la machine est faite ; ne rien mesurer
  --if-idle            renoncer (code 3) plutôt que de déranger une machine occupée
  --disk-path DOSSIER  mesurer le disque sous DOSSIER ; peut être répété
  --full-network       mesurer aussi le plein débit vers une adresse publique
  --iperf-server HÔTE  mesurer aussi vers ce serveur iperf3
  --include-serials    envoyer aussi les numéros de série en clair
  --label TEXTE        libellé de ce benchmark
  --note TEXTE         note sur ce benchmark
  --ca-file FICHIER    se fier aux autorités de certification de FICHIER (PEM)
  --dry-run            afficher le rapport qui serait envoyé, sans rien envoyer
  --send               ne rien mesurer ; envoyer les rapports qui attendent sur cette machine.
                       Avec --all, aussi ceux qui attendent une autre adresse que celle de ce serveur,
                       avec --retry-set-aside, aussi ceux que le serveur avait refusés
  --help               ce texte

Codes de sortie : 0 tout est fait et accepté, 1 un test a échoué ou le rapport attend sur cette machine,
2 rien n’a été mesuré ni envoyé, 3 occupée (--if-idle)."
}

# Checks option $1, whose value (if it takes one) is $2; $3 says how many words are left. Another option is no
# value, unless it is joined to this one (--label=--x).
check_option() {
    case $1 in
    --token | --server | --device | --iperf-server | --disk-path | --label | --note | --ca-file)
        case $3:$joined$2 in
        1:* | *:--*) die "$1 needs a value, see --help" "$1 attend une valeur, voir --help" ;;
        esac
        ;;
    --skip-cpu | --skip-memory | --skip-disk | --skip-network | --skip-gpu) ;;
    --short | --thorough | --inventory | --if-idle | --full-network | --include-serials | --dry-run) ;;
    --send | --all | --retry-set-aside) ;;
    *) die "unknown option $1, see --help" "option inconnue $1, voir --help" ;;
    esac
    case $1 in
    --token) token=$2 ;;
    --server) server=$2 ;;
    --ca-file) ca_file=$2 ;;
    --short) short=1 ;;
    --thorough) thorough=1 ;;
    --dry-run) dry_run=1 ;;
    --send) command=send ;;
    esac
}

check_needs() {
    [ -z "$short" ] || [ -z "$thorough" ] ||
        die "--short and --thorough exclude each other" "--short et --thorough s’excluent"
    [ -n "$server" ] ||
        die "no server given: add --server http://SERVER:8007" "aucun serveur : ajoutez --server http://SERVEUR:8007"
    [ -n "$token" ] || [ -n "$dry_run" ] ||
        die "no token given: add --token TOKEN, or set API_TOKEN" "aucun jeton : ajoutez --token JETON, ou définissez API_TOKEN"
    [ -z "$ca_file" ] || [ -r "$ca_file" ] ||
        die "--ca-file $ca_file cannot be read" "--ca-file $ca_file est illisible"
    [ "$(uname -s)" = Linux ] ||
        die "this is $(uname -s), only Linux can be measured" "ceci est $(uname -s), seul Linux peut être mesuré"
}

# The base address from any form of it: without scheme, with /api/benchmark, with slashes at the end.
tidy_server() {
    case $server in
    http://* | https://* | HTTP://* | HTTPS://*) ;;
    *://*) die "$server is no http or https address" "$server n’est pas une adresse http ou https" ;;
    *) server=http://$server ;;
    esac
    while [ "$server" != "${server%/}" ]; do server=${server%/}; done
    server=${server%/api/benchmark}
    while [ "$server" != "${server%/}" ]; do server=${server%/}; done
}

# The agent asks files and DNS for names, so that it runs on any system; a .local name is looked up here.
resolve_local() {
    rest=${server#*://}
    authority=${rest%%/*}
    name=${authority%%:*}
    case $server in http://* | HTTP://*) ;; *) return ;; esac
    case $name in *.local) ;; *) return ;; esac
    command -v getent >/dev/null 2>&1 || return 0
    address=$(getent ahosts "$name" | while read -r found _; do
        case $found in
        *:*) ;;
        *) echo "$found" && break ;;
        esac
    done)
    [ -z "$address" ] || server=http://$address${rest#"$name"}
}

find_target() {
    machine=$(uname -m)
    case $machine in
    x86_64 | amd64) target=x86_64-unknown-linux-gnu ;;
    aarch64 | arm64) target=aarch64-unknown-linux-gnu ;;
    armv7* | armv8l) target=armv7-unknown-linux-gnueabihf ;;
    armv6*) target=arm-unknown-linux-gnueabihf ;;
    i[3-6]86) target=i686-unknown-linux-gnu ;;
    riscv64) target=riscv64gc-unknown-linux-gnu ;;
    ppc64le) target=powerpc64le-unknown-linux-gnu ;;
    *) target=$machine-unknown-linux-gnu ;;
    esac
    # Another server than the one that filled the list in has a list of its own.
    if [ "$server_given" = "$SERVER" ] && [ -n "$SERVER" ]; then
        case " $TARGETS " in
        *" $target "*) ;;
        *) no_agent "${TARGETS:-none}" "${TARGETS:-aucun}" ;;
        esac
    fi
}

# Ends: the server only has the agents $1, in French $2.
no_agent() {
    die "the server has no agent for this architecture ($machine, $target); there are: $1" \
        "le serveur n’a pas d’agent pour cette architecture ($machine, $target) ; il y a : $2"
}

# The same, with the list that stands in the server's own bench.sh.
no_agent_there() {
    if fetch "$server/bench.sh" "$folder/script" && listed=$(grep "^TARGETS='" "$folder/script"); then
        listed=${listed#TARGETS=?}
        listed=${listed%?}
        case $listed in
        *[!a-z0-9_\ -]*) ;;
        *) no_agent "${listed:-none}" "${listed:-aucun}" ;;
        esac
    fi
    no_agent unknown inconnus
}

find_downloader() {
    if command -v curl >/dev/null 2>&1; then
        downloader=curl
    elif ! command -v wget >/dev/null 2>&1; then
        die "neither curl nor wget is installed, one of them is needed" "ni curl ni wget n’est installé, il en faut un"
    elif wget --version 2>&1 | grep -q GNU; then
        downloader=wget
    else
        downloader=plain_wget
        [ -z "$ca_file" ] ||
            die "this wget cannot use --ca-file: install curl or GNU wget" "ce wget ne connaît pas --ca-file : installez curl ou GNU wget"
    fi
}

# Downloads $1 into $2. What went wrong stands in $error.
fetch() {
    case $downloader in
    curl)
        set -- "$1" "$2" ${ca_file:+--cacert "$ca_file"}
        from=$1 to=$2 && shift 2
        error=$(curl -fsSL --connect-timeout 10 --max-time 300 "$@" -o "$to" "$from" 2>&1)
        ;;
    wget)
        set -- "$1" "$2" ${ca_file:+"--ca-certificate=$ca_file"}
        from=$1 to=$2 && shift 2
        error=$(LC_ALL=C wget -nv --timeout=20 --tries=2 "$@" -O "$to" "$from" 2>&1)
        ;;
    plain_wget)
        error=$(wget -q -O "$2" "$1" 2>&1) || return
        # Without a certificate that was checked, anybody could have sent the program.
        case $error in *'certificate validation not implemented'*) return 1 ;; esac
        ;;
    esac
}

# Downloads $1 into $2. Fails where there is no room for it; ends on anything else that goes wrong.
get() {
    fetch "$1" "$2" && return
    case $downloader:$?:$error in
    curl:23:* | wget:3:* | plain_wget:*'No space left'* | plain_wget:*'short write'*) return 1 ;;
    esac
    why=$(printf '%s\n' "$error" | grep -v '^$' | tail -n 1)
    case $why in
    *'rror: 404'* | *'ERROR 404'* | *'error: HTTP/1.'?' 404'*) no_agent_there ;;
    *) die "$1 cannot be downloaded: $why" "$1 ne peut être téléchargé : $why" ;;
    esac
}

# Downloads the agent into $folder. Fails where there is no room for it.
download() {
    get "$server/agent/$target/benchtools.sha256" "$folder/sha256" || return
    read -r expected _ <"$folder/sha256" || expected=''
    case $expected in
    *[!0-9a-f]* | '')
        die "$server does not answer like a BenchTools server; is there a login page in between?" \
            "$server ne répond pas comme un serveur BenchTools ; une page de connexion s’interpose-t-elle ?"
        ;;
    esac
    get "$server/agent/$target/benchtools" "$folder/benchtools" || return
    actual=$(sha256 "$folder/benchtools")
    [ -n "$actual" ] ||
        die "the agent cannot be checked: none of sha256sum, busybox, shasum, openssl is installed" \
            "l’agent ne peut être vérifié : ni sha256sum, ni busybox, ni shasum, ni openssl n’est installé"
    [ "$actual" = "$expected" ] ||
        die "the agent was damaged on its way (SHA-256 is $actual, expected $expected): try again" \
            "l’agent a été endommagé en route (SHA-256 $actual au lieu de $expected) : réessayez"
    chmod 700 "$folder/benchtools"
}

# Puts the agent into a new folder of our own that has room for it and in which programs may run: /tmp is often
# small, or mounted noexec.
place_agent() {
    full=''
    for parent in "${TMPDIR:-}" /tmp /var/tmp "${XDG_RUNTIME_DIR:-}" "${HOME:-/nonexistent}/.cache" /dev/shm; do
        if [ -z "$parent" ] || [ ! -d "$parent" ] || [ ! -w "$parent" ]; then continue; fi
        folder=$parent/benchtools.$$
        mkdir -m 700 "$folder" 2>/dev/null || { folder='' && continue; }
        if ! printf '#!/bin/sh\nexit 0\n' 2>/dev/null >"$folder/try"; then
            full="$full $parent"
        elif chmod 700 "$folder/try" && "$folder/try" 2>/dev/null; then
            rm -f "$folder/try"
            download && return
            full="$full $parent"
        fi
        rm -rf "$folder"
        folder=''
    done
    [ -z "$full" ] ||
        die "there is no room for the agent in$full: set TMPDIR to a folder with room where programs may run" \
            "la place manque pour l’agent dans$full : indiquez dans TMPDIR un dossier où il y en a et où des programmes peuvent s’exécuter"
    die "no folder found where programs may run: set TMPDIR to one" \
        "aucun dossier où des programmes peuvent s’exécuter : indiquez-en un dans TMPDIR"
}

# The SHA-256 of file $1, or nothing if no program here can tell.
sha256() {
    if command -v sha256sum >/dev/null 2>&1; then
        sum=$(sha256sum <"$1")
    elif command -v busybox >/dev/null 2>&1 && busybox sha256sum </dev/null >/dev/null 2>&1; then
        sum=$(busybox sha256sum <"$1")
    elif command -v shasum >/dev/null 2>&1; then
        sum=$(shasum -a 256 <"$1")
    elif command -v openssl >/dev/null 2>&1; then
        sum=$(openssl dgst -sha256 -r <"$1")
    else
        sum=''
    fi
    printf '%s' "${sum%% *}"
}

# Leaves nothing behind, whichever way the script ends.
clean_up() {
    if [ -n "$agent" ]; then
        kill "$agent" 2>/dev/null
        wait "$agent"
    fi
    [ -z "$folder" ] || rm -rf "$folder"
}

# In the background, so that a signal to this script ends the agent too.
run_agent() {
    if [ -n "$token" ]; then
        API_TOKEN=$token
        export API_TOKEN
    fi
    # The agent has no tables to trace its stack with.
    unset RUST_BACKTRACE RUST_LIB_BACKTRACE
    "$folder/benchtools" "$command" --server "$server" "$@" </dev/null &
    agent=$!
    wait "$agent"
    code=$?
    agent=''
    case $code in
    0 | 1 | 2 | 3) ;;
    126 | 127) die "the agent does not run on this machine" "l’agent ne fonctionne pas sur cette machine" ;;
    *)
        say "bench.sh: the agent broke off (exit code $code); what it had measured may wait on this machine" \
            "bench.sh : l’agent s’est interrompu (code $code) ; ses mesures attendent peut-être sur cette machine" >&2
        code=1
        ;;
    esac
    exit "$code"
}

main() {
    set -u
    umask 077
    token=${API_TOKEN:-} server=$SERVER ca_file='' short='' thorough='' dry_run='' command=run folder='' agent=''
    # The options go round once; what the agent shall have is put at the end again.
    words=$#
    while [ "$words" -gt 0 ]; do
        option=$1 joined=''
        case $option in
        --help | -h) usage && exit 0 ;;
        --*=*)
            value=${option#*=} joined=1
            option=${option%%=*}
            shift
            set -- "$option" "$value" "$@"
            words=$((words + 1))
            ;;
        esac
        check_option "$option" "${2-}" "$words"
        case $option in
        --token | --server) shift 2 && words=$((words - 2)) ;;
        --send) shift && words=$((words - 1)) ;;
        --device | --iperf-server | --disk-path | --label | --note | --ca-file)
            set -- "$@" "$option=$2" && shift 2 && words=$((words - 2))
            ;;
        *) set -- "$@" "$option" && shift && words=$((words - 1)) ;;
        esac
    done
    check_needs
    server_given=$server
    tidy_server
    resolve_local
    trap clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    find_target
    find_downloader
    place_agent
    run_agent "$@"
}

{ main "$@"; exit; }
