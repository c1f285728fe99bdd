"""Columns that hold a JSON array of words: asking for one of them."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Text, bindparam, type_coerce


def word_pattern(text: str) -> str:
    """A LIKE pattern for one word of a JSON array of words."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f'%"{escaped}"%'


def holds_word(column: Column[Any], name: str) -> ColumnElement[bool]:
    """That the column holds the word whose pattern is the parameter `name`."""
    return type_coerce(column, Text).like(bindparam(name, type_=Text), escape="\\")
