# Setting up, phase by phase; each is skipped when its inputs have not changed. Sourced by `run`, POSIX sh only.

VENV=${VENV:-$PWD/.venv}
PY=$VENV/bin/python
# Tools want somewhere to keep things; a service account often has no home.
[ -n "${HOME:-}" ] && [ -w "${HOME:-}" ] || HOME=$PWD/var/home
export HOME PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUNBUFFERED=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
# Without its compiled files every process compiles two thousand modules anew: seven seconds each.
unset PYTHONDONTWRITEBYTECODE
mkdir -p -- var "$HOME"
LOG=$PWD/var/setup.log

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

sum_of() { cat -- "$@" 2>/dev/null | cksum; }

# step WORDS COMMAND...: runs it quietly, says the words and the seconds; false when it fails.
step() {
    words=$1 began=$(date +%s)
    shift
    printf '%-34s ' "$words"
    if "$@" >"$LOG" 2>&1; then
        printf '%3s s\n' "$(($(date +%s) - began))"
    else
        printf 'failed after %s s\n' "$(($(date +%s) - began))"
        return 1
    fi
}

# once WORDS STAMP KEY COMMAND...: like step, but not again while STAMP holds KEY. Stops everything when it fails.
once() {
    stamp_words=$1 stamp=$2 key=$3
    shift 3
    [ "$(cat -- "$stamp" 2>/dev/null)" != "$key" ] || return 0
    step "$stamp_words" "$@" || { tail -n 25 -- "$LOG" >&2; stop "Set-up stopped at: $stamp_words"; }
    printf '%s\n' "$key" >"$stamp"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }
}

apt_install() {
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

python_ready() { python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

make_venv() {
    if ! python_ready; then
        may_install || stop "Python's venv module is missing. Please type:  sudo apt-get install -y python3 python3-venv"
        step "python3-venv (apt)" apt_install python3 python3-venv || { tail -n 25 -- "$LOG" >&2; stop "apt did not work"; }
        python_ready || stop "Gemeinsinn needs Python 3.11 or newer with venv; this machine has $(python3 --version 2>&1)"
    fi
    once "virtual environment" "$VENV/.made" "1" python3 -m venv -- "$VENV"
    once "uv" "$VENV/.uv" "$(sum_of requirements-setup.txt)" \
        "$PY" -m pip install -q --require-hashes -r requirements-setup.txt
}

# uv is quick; pip is the road that is always there.
install_packages() {
    "$VENV/bin/uv" pip install --python "$PY" --require-hashes -r "$1" ||
        "$PY" -m pip install -q --require-hashes -r "$1"
}

fetch_with_npm() { npm ci --ignore-scripts --no-audit --no-fund; }

# Node from PyPI in a venv that is gone afterwards.
fetch_with_wheel() {
    rm -rf -- var/node
    "$VENV/bin/uv" venv --python "$PY" var/node &&
        "$VENV/bin/uv" pip install --python var/node/bin/python --require-hashes -r requirements-node.txt &&
        PATH="$PWD/var/node/bin:$PATH" npm ci --ignore-scripts --no-audit --no-fund
    result=$?
    rm -rf -- var/node
    return $result
}

fetch_front_end() {
    key=$(sum_of package-lock.json)
    [ "$(cat node_modules/.fetched 2>/dev/null)" != "$key" ] || return 0
    if command -v npm >/dev/null && step "front-end files (npm)" fetch_with_npm; then
        printf '%s\n' "$key" >node_modules/.fetched
    elif step "front-end files (node from PyPI)" fetch_with_wheel; then
        printf '%s\n' "$key" >node_modules/.fetched
    else
        echo "  The design system could not be fetched: pages show in the plain base style. Run again to retry."
    fi
}

compile_messages() {
    [ -d locale ] || return 0
    once "message catalogues" "$VENV/.messages" "$(find locale -name '*.po' -exec cat -- {} + | cksum)" \
        "$PY" -c 'import scripts.messages as m; m.compile_all()'
}

collect_static() {
    key=$(find static node_modules/.fetched -type f -exec cat -- {} + 2>/dev/null | cat - requirements.txt | cksum)
    [ -d staticfiles ] || rm -f -- "$VENV/.static"
    once "static files" "$VENV/.static" "$key" \
        "$PY" manage.py collectstatic --noinput --clear -v 0 -i redoc -i rest_framework
}

set_up() {
    make_venv
    [ -f "$VENV/.packages-dev" ] ||
        once "packages" "$VENV/.packages" "$(sum_of requirements.txt)" install_packages requirements.txt
    [ ! -f "$VENV/.packages-dev" ] ||
        once "packages" "$VENV/.packages-dev" "$(sum_of requirements-dev.txt)" install_packages requirements-dev.txt
    fetch_front_end
    compile_messages
    collect_static
}

set_up_database() {
    key=$(find . -path ./node_modules -prune -o -path ./.venv -prune -o -path '*/migrations/*.py' -print | sort | cksum)
    [ -f "$DATA_DIR/gemeinsinn.sqlite3" ] || rm -f -- "$DATA_DIR/.migrated" "$DATA_DIR/.seeded"
    once "database" "$DATA_DIR/.migrated" "$key" "$PY" manage.py migrate --noinput -v 0
}

set_up_tests() {
    make_venv
    once "packages (with test tools)" "$VENV/.packages-dev" "$(sum_of requirements-dev.txt)" \
        install_packages requirements-dev.txt
    fetch_front_end
    compile_messages
    if browser_missing && may_install; then
        step "chromium (apt)" apt_install chromium libatomic1 || true
    fi
    ! browser_missing ||
        echo "Left out: the tests marked 'browser', because chromium or its driver is missing" \
            "(apt-get install chromium libatomic1)."
}

# The driver of the browser tests is a program of its own; on a bare machine it lacks one library.
browser_missing() { [ ! -x /usr/bin/chromium ] || ! "$PY" -m playwright --version >/dev/null 2>&1; }
