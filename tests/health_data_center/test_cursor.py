"""Cursors: opaque, and nothing else passes for one."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.health_data_center.cursor import Position, decode, encode


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_there_and_back(moment: datetime, record_id: UUID) -> None:
    position = Position(moment, str(record_id))
    assert decode(encode(position)) == position


@given(st.text(max_size=120))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decode(text)


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-01-01T08:00:00+08:00",
        "2026-01-01T08:00:00",
        "0001-01-01T00:00:00",
    ],
)
def test_a_moment_of_another_offset_is_refused(moment: str) -> None:
    text = f"{moment}|00000000-0000-0000-0000-000000000000"
    with pytest.raises(ValueError):  # noqa: PT011
        decode(base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode())
