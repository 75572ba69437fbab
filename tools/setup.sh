#!/bin/sh
# Find a Python that can make the course's environment, and let it do so.
# `make` calls this. To choose the Python yourself: make course PYTHON=python3.12
set -eu

need() {
    echo "make: $1" >&2
    exit 1
}

how="on Debian or Ubuntu 'sudo apt install python3 python3-venv', on macOS 'brew install python@3.12'"

python=
found=
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    found="$found $candidate is $version;"
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || need "Python 3.11 or newer is needed, but${found:- there is none;} install it: $how."

"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    need "$python has no venv module: install it: on Debian or Ubuntu 'sudo apt install python$version-venv'."

exec "$python" tools/environment.py
