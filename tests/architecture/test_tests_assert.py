"""Every test says what it holds true: one that asserts nothing passes whatever the code does."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

EXPECTS_A_FAILURE = {"raises", "warns", "deprecated_call", "fail"}
ASSERTING_HELPERS = ("assert_", "expect_")


def called(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def asserts(test: ast.AST) -> bool:
    """Whether the test asserts, expects an error, or calls a helper whose name says that it asserts."""
    names = {called(node.func) for node in ast.walk(test) if isinstance(node, ast.Call)}
    return (
        any(isinstance(node, ast.Assert) for node in ast.walk(test))
        or not names.isdisjoint(EXPECTS_A_FAILURE)
        or any(name.lstrip("_").startswith(ASSERTING_HELPERS) for name in names)
    )


def silent(tree: ast.AST) -> Iterator[str]:
    """The names of the tests in a module that assert nothing."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name.startswith("test_")
            and not asserts(node)
        ):
            yield node.name


def test_every_test_asserts(root: Path) -> None:
    found = {
        f"{path.relative_to(root)}: {name}"
        for path in sorted((root / "tests").rglob("test_*.py"))
        for name in silent(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    "body",
    [
        "answer = get('/')",
        "refused(answer)",
        "with subtests.test(): pass",
        "'assert True'",
        "report.assertions()",
    ],
)
def test_the_check_sees_a_silent_test(body: str) -> None:
    assert list(silent(ast.parse(f"async def test_x():\n    {body}"))) == ["test_x"]


@pytest.mark.parametrize(
    "body",
    [
        "assert x",
        "with pytest.raises(E): f()",
        "assert_refused(answer)",
        "_assert_error(answer)",
        "site.expect_nothing()",
        "def inner():\n        assert x",
    ],
)
def test_the_check_lets_a_claim_pass(body: str) -> None:
    assert not list(silent(ast.parse(f"def test_x():\n    {body}")))
