#!/bin/bash
# Sets Archwire up on macOS 13 or newer, on Apple silicon. Not run by its authors: installers/README.md says so.
#
#   installers/macos.sh          set up
#   installers/macos.sh --run    set up, then start Archwire with demonstration data
#   installers/macos.sh --dev    set up, with what the checks and tests need
#
# It finds Python 3.11 or newer, then calls installers/bootstrap.py, which makes the isolated environment in .venv and
# installs the locked requirements, each file checked against its SHA-256. It installs nothing elsewhere, needs no
# administrator, and can be run again at any time: without a change in the locks it returns at once.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

run=no
arguments=()
for argument in "$@"; do
    case "$argument" in
        --run) run=yes ;;
        --dev) arguments+=(--dev) ;;
        *) fail "Unknown argument $argument. Usage: installers/macos.sh [--run] [--dev]" ;;
    esac
done

[ "$(uname -s)" = Darwin ] || fail "This script is for macOS. On Linux, type: make run"
release="$(sw_vers -productVersion)"
[ "${release%%.*}" -ge 13 ] || fail "Archwire needs macOS 13 or newer; this is macOS $release."
[ "$(uname -m)" = arm64 ] || fail "Archwire is built for Apple silicon (arm64); this is $(uname -m)."

# /usr/bin/python3 is Apple's and too old; Python's own installer and Homebrew put theirs in these places.
PATH="/opt/homebrew/bin:/usr/local/bin:$PATH"
python=
for name in python3.13 python3.12 python3.11 python3.14 python3; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python="$name"
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is missing. Install Python's macOS package, or type: brew install python@3.12"

# The brackets: bash 3.2, which macOS has, takes an empty array for an unset variable.
"$python" installers/bootstrap.py ${arguments[@]+"${arguments[@]}"}
if [ "$run" = yes ]; then
    exec .venv/bin/python main.py demo
fi
printf 'To start Archwire, type: .venv/bin/python main.py demo\n'
