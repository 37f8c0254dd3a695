#!/bin/sh
# Everything that can be said without running the tests. Goes on after a failure and says at the end what failed.
set -u
PY=$1
BIN=$(dirname -- "$PY")
failed=""

check() {
    words=$1 began=$(date +%s)
    shift
    printf '%-34s ' "$words"
    if answer=$("$@" 2>&1); then
        printf 'ok  %3s s\n' "$(($(date +%s) - began))"
    else
        printf 'FAILED\n%s\n' "$answer"
        failed="$failed
  $words"
    fi
}

templates() { find templates -name '*.html' -print0 | xargs -0 -r "$BIN/djade" --target-version 5.2 --check; }

# As a city would set it; the values are examples, the checks are real.
as_in_production() {
    env DATA_DIR="$PWD/var/check" SITE_URL=https://hilfe.example.org DEBUG=0 DEMO=0 ALLOWED_HOSTS=hilfe.example.org \
        SECRET_KEY=wVh3-7tQzmL0p_ksYq9ZrB2xN8cJfA5dGu1eTiXo6MKbHvWnSyEa4PRDgCUlj \
        REDIS_URL=redis://127.0.0.1:6379/0 EMAIL_URL=smtp+tls://user:password@mail.example.org:587 PROXIES=1 \
        OPERATOR_NAME="Stadt Musterstadt" OPERATOR_ADDRESS="Rathausplatz 1, 12345 Musterstadt" \
        OPERATOR_EMAIL=hilfe@example.org OPERATOR_PHONE="0214 4060" PRIVACY_CONTACT=datenschutz@example.org \
        CITY_PHONE="0214 4060" CITY_NAME=Musterstadt "$@"
}

posix_shell() {
    for shell in sh dash; do
        command -v $shell >/dev/null || continue
        for file in run scripts/*.sh; do $shell -n "$file" || return 1; done
    done
    bash -n .ci/run
}

check "format (ruff)" "$BIN/ruff" format --check .
check "lint (ruff)" "$BIN/ruff" check .
check "templates (djade)" templates
check "types (mypy)" "$BIN/mypy" .
check "floors (import-linter)" "$BIN/lint-imports"
check "shell" posix_shell
check "migrations" "$PY" manage.py makemigrations --check --dry-run
check "deployment" as_in_production "$PY" manage.py check --deploy --fail-level WARNING
check "docs say what is there" "$PY" -m scripts.docs_drift
check "messages translated" "$PY" -m scripts.messages check

[ -z "$failed" ] || { printf '\nFailed:%s\n' "$failed"; exit 1; }
