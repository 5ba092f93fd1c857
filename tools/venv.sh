#!/bin/sh
# venv.sh PYTHON DIR: make a virtual environment with pip, or say in one line what is missing (exit 3).
set -eu
python=$1
dir=$2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    found=$("$python" --version 2>/dev/null) || found='not there'
    echo "Safe Conduct needs Python 3.11 or newer; '$python' is $found. Name another: make PYTHON=python3.12 ..." >&2
    exit 3
fi
# Debian ships the venv module without ensurepip; the package that brings it is named after the interpreter's version.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo 'Installing python3-venv ...' >&2
        apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null 2>&1 || true
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "'$python' cannot make virtual environments. On Debian: apt-get install python3-venv" >&2
        exit 3
    fi
fi
rm -rf "$dir"
"$python" -m venv "$dir"
