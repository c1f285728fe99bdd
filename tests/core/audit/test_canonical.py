"""The canonical bytes of an event."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.audit.canonical import Stored, canonical_bytes, canonical_form

AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def test_the_bytes_of_an_event() -> None:
    columns: dict[str, Stored] = {
        "kind": "match",
        "event_id": UUID("01A20059-624A-7F9F-B35A-E4B5841B95C1"),
        "at": AT,
        "count": 1,
        "actor": None,
        "domains": '["medical"]',
        "statement": b"\x01\xff",
        "source": "病\u2028\x1f",
    }
    assert canonical_bytes(canonical_form(columns)).decode() == (
        '{"at":"2026-11-21T08:30:00.000000Z","count":1,"domains":"[\\"medical\\"]",'
        '"event_id":"01a20059-624a-7f9f-b35a-e4b5841b95c1","kind":"match","source":"病\u2028\\u001f",'
        '"statement":"Af8=","v":1}'
    )


def test_one_instant_has_one_form() -> None:
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    assert canonical_form({"at": shanghai}) == canonical_form({"at": AT})
    with pytest.raises(ValueError, match="time zone"):
        canonical_form({"at": datetime(2026, 11, 21)})  # noqa: DTZ001 - what is refused


@given(st.dictionaries(st.sampled_from("abcdef"), st.text() | st.integers()))
def test_different_rows_have_different_bytes_and_order_is_nothing(row: dict[str, str | int]) -> None:
    bytes_ = canonical_bytes(canonical_form(row))
    assert canonical_bytes(canonical_form(dict(reversed(row.items())))) == bytes_
    for name in row:
        assert canonical_bytes(canonical_form({**row, name: str(row[name]) + "x"})) != bytes_
        assert canonical_bytes(canonical_form({k: v for k, v in row.items() if k != name})) != bytes_
