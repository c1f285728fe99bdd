"""The core has no I/O, no clock, no randomness: the same arguments give the same answer, in ten years too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FORBIDDEN_MODULES = {
    "asyncio", "concurrent", "ctypes", "fcntl", "glob", "http", "importlib", "io", "locale", "logging",
    "multiprocessing", "os", "pathlib", "pickle", "platform", "queue", "random", "secrets", "select",
    "shelve", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading",
    "time", "urllib", "uuid", "warnings", "zoneinfo",
}  # fmt: skip
PURE_MEMBERS = {"uuid.UUID", "urllib.parse"}
FORBIDDEN_CALLS = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint", "globals"}
CLOCKS = {"now", "utcnow", "today"}
CLOCK_OWNERS = {"date", "datetime"}


def imported(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=str(module), names=names) if module not in PURE_MEMBERS:
            yield from (f"{module}.{alias.name}" for alias in names)


def owner(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def impure(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        yield from (
            name
            for name in imported(node)
            if name.split(".")[0] in FORBIDDEN_MODULES and name not in PURE_MEMBERS
        )
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_CALLS:
                yield f"{name}()"
            case ast.Attribute(value=value, attr=attr) if attr in CLOCKS and owner(value) in CLOCK_OWNERS:
                yield f"{owner(value)}.{attr}"
            case ast.AsyncFunctionDef(name=name) | ast.Global(names=[name, *_]):
                yield name


def test_core_is_pure(root: Path) -> None:
    found = {
        f"{path.relative_to(root)}: {what}"
        for path in sorted((root / "app/core").rglob("*.py"))
        for what in impure(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "import os.path as p",
        "from time import monotonic",
        "from uuid import uuid4",
        "from uuid import UUID, uuid4",
        "from pathlib import Path",
        "x = open('f')",
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.datetime.utcnow",
        "from datetime import date\nf = date.today",
        "async def f(): ...",
        "def f():\n    global cache",
    ],
)
def test_the_check_sees_impurity(source: str) -> None:
    assert list(impure(ast.parse(source)))


@pytest.mark.parametrize(
    "source", ["from uuid import UUID", "from datetime import date, timedelta", "x = today", "x = self.now"]
)
def test_the_check_lets_pure_code_pass(source: str) -> None:
    assert not list(impure(ast.parse(source)))
