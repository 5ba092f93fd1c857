"""A cold start imports only what the answer needs."""

import json
import subprocess
import sys

import pytest

SLOW = {"cpmpy", "cvxpy", "maplibre", "matplotlib", "numba", "ortools", "pandas", "pvlib", "pysat", "rasterio"}
HELP = """
import sys
from safeconduct.cli.main import main
sys.argv = ["safeconduct", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code
"""
PROBE = """
import json, sys
print()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.mark.parametrize("code", ["import safeconduct", HELP], ids=["import", "help"])
def test_start_leaves_slow_libraries_alone(code):
    """Neither the import nor the help loads a library that takes a second by itself or belongs to tests."""
    done = subprocess.run([sys.executable, "-c", code + PROBE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(json.loads(done.stdout.splitlines()[-1])) & SLOW == set()
