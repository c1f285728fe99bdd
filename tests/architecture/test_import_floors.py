"""Imports point down only, and each floor uses only the libraries it may."""

import ast
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

CORE = {"rapidfuzz", "borax"}
HEALTH_DATA_CENTER = {
    "aiosqlite", "alembic", "asyncpg", "cryptography", "fastapi", "httptools", "httpx", "jose", "orjson",
    "pydantic", "pydantic_core", "sqlalchemy", "starlette", "typer", "uvicorn", "uvloop",
}  # fmt: skip
# What a floor may import from outside. The floors that are not listed may import anything we depend on.
EXTERNALS: dict[str, set[str]] = {
    "app/core": CORE,
    "app/services": set(),
    "app/demo": {"httpx"},
    "app/log_verifier": {"cryptography"},
    "app/health_data_center": HEALTH_DATA_CENTER,
}


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names.add(node.module or "")
    return names


@pytest.fixture
def loggers_as_they_were() -> Iterator[None]:
    """The linter sets up logging of its own, which silences every logger that is there already."""
    known = [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    before = [(logger, logger.disabled) for logger in known]
    yield
    for logger, disabled in before:
        logger.disabled = disabled


@pytest.mark.usefixtures("loggers_as_they_were")
def test_contracts_hold(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0


@pytest.mark.parametrize("floor", sorted(EXTERNALS))
def test_a_floor_imports_only_the_libraries_it_may(floor: str, root: Path) -> None:
    allowed = EXTERNALS[floor] | {"app"} | sys.stdlib_module_names
    strangers = {
        f"{path.relative_to(root)}: {name}"
        for path in sorted((root / floor).rglob("*.py"))
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] not in allowed
    }
    assert not strangers
