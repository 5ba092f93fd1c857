"""What every test may ask for: the test vectors, and a browser where the machine has one."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from tests.browser import chromium, page

# The same examples on every machine and in every run: a change lands or fails for its own sake. `make soak` draws anew.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("anew", deadline=None)
settings.load_profile("anew" if os.environ.get("SAFECONDUCT_SOAK") else "same")

# Lines break in the same places whatever the terminal of whoever runs the tests.
os.environ["COLUMNS"] = "120"

__all__ = ["page"]

REPO = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Leave soak tests out unless a marker expression asks for them."""
    if not config.option.markexpr:
        config.option.markexpr = "not soak"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what this machine cannot run."""
    no_browser = pytest.mark.skip(reason="no Chromium on this machine (on Debian: apt-get install chromium)")
    for item in items:
        if item.get_closest_marker("browser") and chromium() is None:
            item.add_marker(no_browser)


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the tree under test."""
    return REPO


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Directory of the published test vectors, beside the tree or where SAFECONDUCT_VECTORS says."""
    path = Path(os.environ.get("SAFECONDUCT_VECTORS") or REPO.parent / "shared" / "vectors")
    if not path.is_dir():
        pytest.skip("no test vectors (set SAFECONDUCT_VECTORS to their directory)")
    return path
