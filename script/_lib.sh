# Shared by the scripts next to it: where we are, what we say, the Python that runs the register.
# Sourced, never run. Every refusal is a sentence in Indonesian and one in English.

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
cd "$ROOT"
PY="$ROOT/.venv/bin/python"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUNBUFFERED=1
# Each script starts many Pythons: they share what the first has compiled.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*"; }

# fail "kalimat Indonesia" "English sentence": both to standard error, then out.
fail() {
    printf '\n%s\n(%s)\n' "$1" "$2" >&2
    exit 1
}

# Seconds since $1 (a value of $SECONDS), for "selesai dalam ... detik".
since() { printf '%s' "$((SECONDS - $1))"; }

# A value of .env, empty when the file or the line is missing. What is in the environment wins.
setting() {
    if [ -n "${!1:-}" ]; then
        printf '%s' "${!1}"
    elif [ -f .env ]; then
        sed -n "s/^$1=//p" .env | tail -n 1
    fi
}

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Prints the first Python 3.11, 3.12 or 3.13 that can make a .venv. PYTHON=... names another.
find_python() {
    local candidate found="" bare=""
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        if fits "$candidate"; then
            if has_venv "$candidate"; then
                printf '%s' "$candidate"
                return
            fi
            bare="$candidate"
        fi
        found="${found:+$found, }$candidate ($("$candidate" -V 2>&1 | head -n 1 || true))"
    done
    if [ -n "$bare" ]; then
        fail "$bare tidak punya modul venv. Di Debian atau Ubuntu: apt-get install python3-venv" \
            "$bare lacks its venv module. On Debian or Ubuntu: apt-get install python3-venv"
    fi
    if [ -n "$found" ]; then
        fail "Python di komputer ini tidak cocok: $found. Pasang Python 3.11, 3.12 atau 3.13." \
            "The Python on this machine does not fit: $found. Install Python 3.11, 3.12 or 3.13."
    fi
    fail "Python tidak ditemukan. Pasang Python 3.11, 3.12 atau 3.13, lalu jalankan lagi." \
        "Python was not found. Install Python 3.11, 3.12 or 3.13, then run this again."
}

# Needs about 700 MB: refuse before half of it is written.
require_disk() {
    local free
    free="$(df -Pk . | awk 'NR == 2 { print $4 }')"
    if [ "${free:-0}" -lt 1000000 ]; then
        fail "Ruang kosong tinggal $((free / 1024)) MB; perlu sekitar 1000 MB. Kosongkan dulu." \
            "Only $((free / 1024)) MB of disk are free and about 1000 MB are needed. Free some first."
    fi
}

ensure_venv() {
    if [ -x "$PY" ] && fits "$PY"; then
        return
    fi
    require_disk
    local python
    python="$(find_python)"
    say "Menyiapkan Python / Making .venv: $("$python" -V)"
    "$python" -m venv --clear .venv ||
        fail "Folder .venv tidak bisa dibuat; sebabnya di atas." "Could not make .venv; the reason is above."
}

# Shows how far pip is, on a terminal only: "[12/45] django".
pip_progress() {
    local total="$1" count=0 line name
    while IFS= read -r line; do
        case "$line" in
            Collecting*)
                count=$((count + 1))
                name="${line#Collecting }"
                if [ -t 1 ]; then printf '\r  [%d/%d] %-40.40s' "$count" "$total" "${name%% *}"; fi
                ;;
            Installing*) if [ -t 1 ]; then printf '\r  %-52s' "memasang / installing"; fi ;;
        esac
    done
    if [ -t 1 ]; then printf '\r%-56s\r' ""; fi
}

# install_lock FILE: installs a lock by its hashes, unless that very lock is installed already.
install_lock() {
    local lock="$1" stamp errors start=$SECONDS total
    stamp=".venv/installed-$lock"
    if cmp -s "$lock" "$stamp"; then
        return
    fi
    require_disk
    total="$(grep -c '==' "$lock")"
    say "Memasang $total paket dari $lock / Installing $total packages from $lock"
    errors="$(mktemp)"
    if ! "$PY" -m pip install --require-hashes -r "$lock" 2>"$errors" | pip_progress "$total"; then
        cat "$errors" >&2
        rm -f "$errors"
        fail "Paket dari $lock tidak terpasang. Periksa sambungan internet, lalu jalankan lagi." \
            "The packages of $lock were not installed. Check the internet connection and run this again."
    fi
    rm -f "$errors"
    cp "$lock" "$stamp"
    say "  selesai / done: $(since "$start") s"
}

ensure_runtime() {
    ensure_venv
    install_lock requirements.txt
}

ensure_dev() {
    ensure_runtime
    install_lock requirements-dev.txt
}

has_node() { command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; }

# What checks the JavaScript, by package-lock.json. The register itself needs neither node nor npm.
ensure_node_tools() {
    if ! has_node; then
        say "Pemeriksaan JavaScript dilewati: Node.js tidak ada. Pasang dengan: apt-get install nodejs npm"
        say "(Checks of JavaScript are skipped: there is no Node.js. Install it with: apt-get install nodejs npm)"
        return
    fi
    if cmp -s package-lock.json node_modules/installed-package-lock.json; then return; fi
    say "Memasang alat JavaScript / Installing what checks the JavaScript"
    npm ci --no-audit --no-fund --loglevel=error >/dev/null ||
        fail "Alat JavaScript tidak terpasang; sebabnya di atas." "What checks the JavaScript was not installed; the reason is above."
    cp package-lock.json node_modules/installed-package-lock.json
}

# Python's and JavaScript's, at the same time.
ensure_dev_tools() {
    ensure_node_tools &
    ensure_dev
    wait "$!"
}

# Writes .env when it is missing and adds secrets that it lacks; never changes a line of it.
ensure_env_file() {
    local key
    for key in SECRET_KEY NIK_KEYS NIK_HASH_KEY BACKUP_KEY; do
        if ! { [ -f .env ] && grep -q "^$key=." .env; }; then
            "$PY" script/write_env.py .env
            return
        fi
    done
}

# Prints the Chromium to drive, or nothing. CHROMIUM=... names another.
find_chromium() {
    local candidate
    for candidate in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome; do
        if command -v "$candidate" >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
}
