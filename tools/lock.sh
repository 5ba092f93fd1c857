#!/bin/sh
# lock.sh PIP_COMPILE: resolve the three lock files, each a superset of the one before, with hashes and without hosts.
set -eu
compile="$1 --quiet --generate-hashes --no-header --strip-extras --allow-unsafe
    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links"

lock() { # FILE WHAT PIP_COMPILE_ARGUMENTS...
    file=$1
    what=$2
    shift 2
    echo "Resolving $file ..." >&2
    # shellcheck disable=SC2086 # the words of the command are meant to be split
    $compile --output-file "$file.new" "$@" pyproject.toml
    printf '# %s\n# Written by `make lock`; do not edit.\n' "$what" | cat - "$file.new" >"$file"
    rm "$file.new"
}

build='--build-deps-for editable --build-deps-for wheel'
# shellcheck disable=SC2086
lock requirements.lock 'Run time, and what installs the project itself.' $build
# shellcheck disable=SC2086
lock requirements-dev.lock 'The above, with tests and lint.' $build --extra dev --constraint requirements.lock
# shellcheck disable=SC2086
lock requirements-bench.lock 'The above, with the independent solvers of the benchmarks.' $build --extra dev --extra bench --constraint requirements-dev.lock
