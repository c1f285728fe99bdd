"""Rows come out the same however the bytes were cut."""

import gzip
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identity.failure import InvalidElement
from app.services.file_lines import MAX_LINE
from app.services.source_rows import Form, Row, RowReader
from app.services.unpacking import DamagedFile


def read(content: bytes, form: Form = "ndjson", encoding: str = "auto", piece: int = 7) -> list[Row]:
    reader = RowReader(form, encoding)
    rows: list[Row] = []
    for start in range(0, len(content), piece):
        rows += reader.feed(content[start : start + piece])
    return [*rows, *reader.finish()]


def read_into(rows: list[Row], content: bytes, piece: int) -> None:
    """Each row at once, so that `rows` has what a reader gave before it failed."""
    reader = RowReader("ndjson")
    for start in range(0, len(content), piece):
        rows.extend(reader.feed(content[start : start + piece]))
    rows.extend(reader.finish())


def faults(rows: list[Row]) -> list[tuple[int, str]]:
    return [(number, row.code) for number, row in rows if isinstance(row, InvalidElement)]


VALUES = st.dictionaries(st.sampled_from(["name", "local_id"]), st.text(max_size=9), min_size=1)


@given(st.lists(VALUES, max_size=6), st.integers(1, 40), st.booleans())
def test_ndjson_comes_out_as_it_went_in(rows: list[dict[str, str]], piece: int, packed: bool) -> None:
    content = "\n".join(json.dumps(row) for row in rows).encode()
    assert read(gzip.compress(content) if packed else content, piece=piece) == list(enumerate(rows, 1))


@given(st.integers(1, 60), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_csv_with_quotes_and_line_ends_inside(piece: int, encoding: str) -> None:
    text = 'Local_ID,name\r\nP1,"王, ""丽""\n华"\r\n\r\nP2,李\r\n'
    assert read(text.encode(encoding), "csv", piece=piece) == [
        (2, {"local_id": "P1", "name": '王, "丽"\n华'}),
        (5, {"local_id": "P2", "name": "李"}),
    ]


def test_a_bad_row_is_named_and_sinks_no_other() -> None:
    content = b'{"a": 1}\n[1]\nnull\n{"a": NaN}\n\n' + b"x" * (MAX_LINE + 5) + b'\n{"a": 2}\n\xff\n'
    rows = read(content, encoding="utf-8", piece=1000)
    assert [number for number, _ in rows] == [1, 2, 3, 4, 6, 7, 8]
    assert faults(rows) == [(2, "json"), (3, "json"), (4, "json"), (6, "too_long"), (8, "encoding")]


@pytest.mark.parametrize("piece", [7, 100_000])
@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_one_bad_byte_makes_no_file_gb_18030(form: Form, piece: int) -> None:
    people = [f"P{n},王丽华" if form == "csv" else f'{{"name": "王丽华{n}"}}' for n in range(9)]
    lines = [b"local_id,name" if form == "csv" else b"{}", *(line.encode() for line in people)]
    lines[4] = lines[4].replace("丽".encode(), "丽".encode()[:2])
    rows = read(b"\n".join(lines), form, piece=piece)
    assert faults(rows) == [(5, "encoding")]
    names = {str(row.get("name"))[:3] for _, row in rows if not isinstance(row, InvalidElement) and row}
    assert names == {"王丽华"}


def test_gb_18030_is_told_by_most_lines() -> None:
    content = "\n".join(f'{{"name": "王丽华{n}"}}' for n in range(99)).encode("gb18030")
    assert [row for _, row in read(content)][98] == {"name": "王丽华98"}


def test_bytes_that_are_neither_are_rejected_one_by_one() -> None:
    assert faults(read(b'{"a": "\xff\xff"}\n{"a": 1}\n')) == [(1, "encoding")]


def test_the_mark_at_the_beginning_is_no_part_of_the_first_name() -> None:
    assert read("a,b\n1,2\n".encode("utf-8-sig"), "csv", "utf-8") == [(2, {"a": "1", "b": "2"})]


@pytest.mark.parametrize("row", ["1", "1,2,3", ""])
def test_a_csv_row_has_as_many_cells_as_the_header(row: str) -> None:
    rows = read(f"a,b\n{row}\n1,2\n".encode(), "csv")
    assert faults(rows) == ([(2, "csv")] if row else [])
    assert rows[-1] == (3, {"a": "1", "b": "2"})


def test_without_a_header_every_row_is_rejected() -> None:
    assert faults(read(b'a,"b"c\n1,2\n3,4\n', "csv")) == [(2, "csv"), (3, "csv")]


@pytest.mark.parametrize("behind", [3, 20_000])
def test_a_quote_that_is_never_closed_costs_its_own_line_alone(behind: int) -> None:
    content = b'a,b\n0,"x\n' + b"".join(b"%d,y\n" % n for n in range(behind))
    rows = read(content, "csv", piece=5000)
    assert faults(rows) == [(2, "csv")]
    assert [row for _, row in rows[1:]] == [{"a": str(n), "b": "y"} for n in range(behind)]


def test_a_quote_that_another_rows_quote_closes_is_no_row() -> None:
    rows = read(b'a,b\n0,"x\n1,"y\n2,z\n', "csv")
    assert faults(rows) == [(2, "csv")]
    assert rows[1:] == [(4, {"a": "2", "b": "z"})]


def test_a_record_has_a_most_length() -> None:
    content = b'a,b\n0,"' + b"x\n" * MAX_LINE + b'"\n1,2\n'
    rows = read(content, "csv", piece=9999)
    assert {code for _, code in faults(rows)} == {"csv"}
    assert faults(rows)[0] == (2, "csv")


@pytest.mark.parametrize("at", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("piece", [1000, 64 * 1024])
@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_rows_before_damage_are_given(at: float, piece: int, damage: str) -> None:
    lines = [json.dumps({"n": n, "h": hashlib.sha256(str(n).encode()).hexdigest()}) for n in range(3000)]
    packed = gzip.compress("\n".join(lines).encode())
    where = int(len(packed) * at)
    broken = packed[:where] + (b"" if damage == "cut" else b"\xff" * 64 + packed[where + 64 :])
    rows: list[Row] = []
    with pytest.raises(DamagedFile):
        read_into(rows, broken, piece)
    assert len(rows) > len(lines) * (at - 0.1)
    assert rows[:100] == [(n, json.loads(line)) for n, line in enumerate(lines[:100], 1)]


@pytest.mark.parametrize("cut", [1, 9, 20])
def test_a_file_that_ends_early_is_damaged(cut: int) -> None:
    with pytest.raises(DamagedFile):
        read(gzip.compress(b'{"a": 1}\n' * 99)[:-cut])


def test_members_of_gzip_follow_one_another() -> None:
    content = gzip.compress(b'{"a": 1}\n') + gzip.compress(b'{"a": 2}\n') + b"\0" * 16
    assert [row for _, row in read(content)] == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("name", ["klingon", "idna", "undefined", "utf-16", "rot13", "utf-7", "a\0b"])
def test_an_encoding_that_no_file_of_rows_can_have_is_refused(name: str) -> None:
    with pytest.raises(LookupError):
        RowReader("csv", name)
