"""Columns line up although a Han character is two columns wide."""

import io

import pytest

from app.demo.captions import EXACT
from app.demo.screen import WIDTH, Screen, pad, width


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("name", 4), ("姓名", 4), ("5 mg 片", 7), ("Ｘ", 2)])
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns
    assert width(pad(text, 12)) == 12


def test_tables_line_up() -> None:
    out = io.StringIO()
    Screen(out, colour=False).table(("a", "b"), [("姓名", "1"), ("x", "2")])
    assert [
        width(line[: line.index(mark)]) for line, mark in zip(out.getvalue().splitlines(), "b12", strict=True)
    ] == [
        10,
        10,
        10,
    ]


def test_headings_fill_the_line_and_colour_is_for_terminals_only() -> None:
    plain, coloured = io.StringIO(), io.StringIO()
    Screen(plain, colour=False).step(1, EXACT)
    Screen(coloured, colour=True).step(1, EXACT)
    assert width(plain.getvalue().splitlines()[1]) == WIDTH
    assert "\x1b[" not in plain.getvalue()
    assert "\x1b[" in coloured.getvalue()
