"""Rows come out the same however the bytes were cut."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identity.failure import InvalidElement
from app.services.source_rows import MAX_LINE, DamagedFile, Form, Row, RowReader


def read(content: bytes, form: Form = "ndjson", encoding: str = "auto", piece: int = 7) -> list[Row]:
    reader = RowReader(form, encoding)
    rows: list[Row] = []
    for start in range(0, len(content), piece):
        rows += reader.feed(content[start : start + piece])
    return [*rows, *reader.finish()]


def faults(rows: list[Row]) -> list[tuple[int, str]]:
    return [(number, row.code) for number, row in rows if isinstance(row, InvalidElement)]


VALUES = st.dictionaries(st.sampled_from(["name", "local_id"]), st.text(max_size=9), min_size=1)


@given(st.lists(VALUES, max_size=6), st.integers(1, 40), st.booleans())
def test_ndjson_comes_out_as_it_went_in(rows: list[dict[str, str]], piece: int, packed: bool) -> None:
    content = "\n".join(json.dumps(row) for row in rows).encode()
    assert read(gzip.compress(content) if packed else content, piece=piece) == list(enumerate(rows, 1))


@given(st.integers(1, 60), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_csv_with_quotes_and_line_ends_inside(piece: int, encoding: str) -> None:
    text = 'Local_ID,name\r\nP1,"王, ""丽""\n华"\r\n\r\nP2,李\r\nP3'
    assert read(text.encode(encoding), "csv", piece=piece) == [
        (3, {"local_id": "P1", "name": '王, "丽"\n华'}),
        (5, {"local_id": "P2", "name": "李"}),
        (6, {"local_id": "P3", "name": None}),
    ]


def test_a_bad_row_is_named_and_sinks_no_other() -> None:
    content = b'{"a": 1}\n[1]\nnull\n{"a": NaN}\n\n' + b"x" * (MAX_LINE + 5) + b'\n{"a": 2}\n\xff\n'
    rows = read(content, encoding="utf-8", piece=1000)
    assert [number for number, _ in rows] == [1, 2, 3, 4, 6, 7, 8]
    assert faults(rows) == [(2, "json"), (3, "json"), (4, "json"), (6, "too_long"), (8, "json")]


def test_a_row_with_too_many_cells_is_rejected() -> None:
    assert faults(read(b"a,b\n1,2,3\n1,2\n", "csv")) == [(2, "csv")]


@pytest.mark.parametrize("cut", [1, 9, 20])
def test_a_file_that_ends_early_is_damaged(cut: int) -> None:
    with pytest.raises(DamagedFile):
        read(gzip.compress(b'{"a": 1}\n' * 99)[:-cut])


def test_members_of_gzip_follow_one_another() -> None:
    content = gzip.compress(b'{"a": 1}\n') + gzip.compress(b'{"a": 2}\n') + b"\0" * 16
    assert [row for _, row in read(content)] == [{"a": 1}, {"a": 2}]


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(LookupError):
        RowReader("csv", "klingon")
