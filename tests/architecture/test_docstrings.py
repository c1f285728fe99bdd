"""Whoever reads a public name is told what it is for, what it takes and gives, and how it fails."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

NAMED_BY_TYPE = {"UnitOfWork", "SqlUnitOfWork"}
"""Each of their properties is the store that its type names."""

Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def silent(node: ast.Module | ast.ClassDef) -> Iterator[str]:
    """The public classes, functions and methods that have no docstring, nested functions apart."""
    for each in node.body:
        if not isinstance(each, Documented) or each.name.startswith("_"):
            continue
        if not ast.get_docstring(each):
            yield each.name
        if isinstance(each, ast.ClassDef) and each.name not in NAMED_BY_TYPE:
            yield from (f"{each.name}.{name}" for name in silent(each))


def test_public_names_are_explained(root: Path) -> None:
    found = [
        f"{path.relative_to(root)}: {name}"
        for path in sorted((root / "app").rglob("*.py"))
        for name in silent(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found


def test_modules_are_explained(root: Path) -> None:
    modules = [path for path in sorted((root / "app").rglob("*.py")) if path.stat().st_size]
    trees = {path.relative_to(root): ast.parse(path.read_text(encoding="utf-8")) for path in modules}
    assert not [str(path) for path, tree in trees.items() if not ast.get_docstring(tree)]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(): pass", ["f"]),
        ("class C: pass", ["C"]),
        ('class C:\n    "What."\n    async def m(self): ...', ["C.m"]),
        ('class C:\n    "What."\n    def _m(self): ...', []),
        ('def f():\n    "What."\n    def inner(): ...', []),
        ("class _C: pass", []),
    ],
)
def test_the_check_sees_what_is_not_explained(source: str, names: list[str]) -> None:
    assert list(silent(ast.parse(source))) == names
