#!/bin/sh
# What some tests need beside Python packages. Root on Debian gets it installed; anybody else is told, in one line each,
# what is missing and which tests will be skipped. A need counts only once a test bears its marker. Never fails: the
# tests skip themselves with the reason. With words as arguments only those markers are seen to.
set -u
only=" $* "

have_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
have_postgresql() { command -v postgres || ls /usr/lib/postgresql/*/bin/postgres; }
have_gdal() { command -v gdal_viewshed; }

need() { # MARKER CHECK PACKAGES...
    marker=$1
    check=$2
    shift 2
    case $only in "  " | *" $marker "*) ;; *) return 0 ;; esac
    grep -rqs --include='test_*.py' "mark\.$marker" tests || return 0
    "$check" >/dev/null 2>&1 && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $* for the tests marked $marker ..." >&2
        (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@") >/dev/null 2>&1
        "$check" >/dev/null 2>&1 && return 0
    fi
    echo "Missing: $1. The tests marked $marker will be skipped. On Debian: apt-get install $*" >&2
}

need browser have_chromium chromium fonts-dejavu-core
need postgres have_postgresql postgresql
need gdal have_gdal gdal-bin
