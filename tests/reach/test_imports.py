"""How the modules of reach hang together."""

import ast
from pathlib import Path

import safeconduct.reach

MODULES = {path.stem: ast.parse(path.read_text()) for path in Path(safeconduct.reach.__path__[0]).glob("*.py")}
ROOM = "safeconduct.reach"


def imported(tree):
    """(module of reach, name) of every import, those inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith(ROOM):
            for alias in node.names:
                yield (alias.name if node.module == ROOM else node.module.rpartition(".")[2]), alias.name


def test_no_private_name_leaves_its_module():
    """What begins with an underscore is used in its own module alone."""
    foreign = [(name, *each) for name, tree in MODULES.items() for each in imported(tree) if each[1].startswith("_")]
    assert not foreign


def test_no_module_imports_itself_by_a_detour():
    """The imports of reach have an order, those inside functions and those for types alone counted."""
    left = {name: {module for module, _ in imported(tree)} for name, tree in MODULES.items()}
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert not left
