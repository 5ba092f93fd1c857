"""A file that cannot be written is said before the work that it would lose."""

import pytest

from safeconduct.cli.console import can_write
from safeconduct.cli.main import main
from safeconduct.desk import assess, search, ways

WAYS = ("ways", "--from", "OITT", "--to", "46.65,38.72", "--asset", "mi-17")
COMMANDS = [
    (assess, "assess", ("assess", "exercise-two-rivers"), "--html"),
    (assess, "assess", ("assess", "exercise-two-rivers"), "--certificate"),
    (ways, "ways", WAYS, "--certificate"),
    (search, "plan_search", ("search", "plan", "varzaqan-2024"), "--html"),
    (search, "plan_search", ("search", "plan", "varzaqan-2024"), "--kml"),
    (search, "plan_search", ("search", "plan", "varzaqan-2024"), "--geojson"),
]


def refused(capsys, *words):
    with pytest.raises(SystemExit) as left:
        main([*map(str, words)])
    assert left.value.code == 3
    return capsys.readouterr().err


@pytest.mark.parametrize(("module", "work", "words", "option"), COMMANDS)
def test_a_file_in_no_folder_is_refused_before_the_work(capsys, monkeypatch, tmp_path, module, work, words, option):
    """One line, and nothing was reckoned."""

    def never(*_args, **_more):
        raise AssertionError(work)

    monkeypatch.setattr(module, work, never)
    file = tmp_path / "nowhere" / "x"
    assert refused(capsys, *words, option, file).splitlines()[-1] == f"error: {file}: No such file or directory"


def test_a_folder_is_no_file(capsys, tmp_path):
    """Named as it is."""
    assert refused(capsys, *WAYS, "--certificate", tmp_path) == f"error: {tmp_path}: Is a directory\n"


def test_asking_makes_nothing(tmp_path):
    """Neither a new file nor a change of one that is there."""
    old = tmp_path / "old"
    old.write_text("kept", encoding="utf-8")
    can_write(tmp_path / "new", old, None)
    assert sorted(tmp_path.iterdir()) == [old]
    assert old.read_text(encoding="utf-8") == "kept"
