"""Files and functions stay small enough to be read in one go."""

import ast
from pathlib import Path

LINES_A_FILE = 400
LINES_A_FUNCTION = 50


def test_files_are_short(modules: list[Path], root: Path) -> None:
    long = {
        str(path.relative_to(root)): count
        for path in modules
        if (count := len(path.read_text(encoding="utf-8").splitlines())) >= LINES_A_FILE
    }
    assert not long


def test_functions_are_short(modules: list[Path], root: Path) -> None:
    long = {
        f"{path.relative_to(root)}:{node.lineno} {node.name}": length
        for path in modules
        if path.parent.name != "versions"  # a migration is a list of tables, to be read from top to bottom
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) >= LINES_A_FUNCTION
    }
    assert not long


def test_no_drawer_for_leftovers(modules: list[Path], root: Path) -> None:
    drawers = {"utils", "util", "common", "helpers", "helper", "misc"}
    assert not [str(p.relative_to(root)) for p in modules if drawers & {p.stem, p.parent.name}]
