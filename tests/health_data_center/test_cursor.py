"""Cursors: opaque, and nothing else passes for one."""

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
