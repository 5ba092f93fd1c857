"""The pages' commands are found, and the files that a page builds are built."""

import importlib.util
import sys

import pytest

PAGE = """\
```yaml into=a.yaml
one: 1
```

```console exact
$ safeconduct case check a.yaml  # exit 1
wrong
```

```yaml into=../a.yaml
two: 2
```

```yaml
three: 3
```
"""


@pytest.fixture(scope="module")
def checker(repo):
    spec = importlib.util.spec_from_file_location("check_readme", repo / "tools" / "check_readme.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def found(checker, tmp_path, monkeypatch):
    monkeypatch.setattr(checker, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    return list(checker.shown_on(page))


def test_a_file_is_begun_once_and_then_grows(checker, found):
    """The first block of a name writes the file, the next goes below it; the name never leads outside."""
    parts = [p for p in found if isinstance(p, checker.Part)]
    assert [(p.name, p.text, p.more) for p in parts] == [("a.yaml", "one: 1\n", False), ("a.yaml", "two: 2\n", True)]


def test_a_command_keeps_its_place_its_status_and_its_promise(checker, found):
    """Between the blocks that it follows and precedes, with the status and the output that the page shows."""
    (index,) = (n for n, each in enumerate(found) if isinstance(each, checker.Shown))
    assert index == 1
    assert (found[index].where, found[index].status, found[index].output) == ("page.md:6", 1, "wrong")
