"""The erasure register: IDs and times in files, never lost, never guessed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.adapters.erasures.file_register import FileRegister
from app.core.index.erasure import Entry
from app.services.ports import StorageUnavailable

AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
ONE, TWO = Entry("CM6SC7N75YR3HGA9TO", AT), Entry("C87CT0Z2NWASZG6B0A", AT)


async def test_what_is_entered_is_read(tmp_path: Path) -> None:
    register = FileRegister((tmp_path / "new" / "erasures.ndjson",))
    assert await register.entries() == []
    await register.add([ONE])
    await register.add([TWO, ONE])
    assert await register.entries() == [ONE, TWO]
    assert register.paths[0].stat().st_mode & 0o777 == 0o600


async def test_every_copy_counts(tmp_path: Path) -> None:
    first, copy = tmp_path / "a", tmp_path / "b"
    await FileRegister((first, copy)).add([ONE])
    first.unlink()
    assert await FileRegister((first, copy)).entries() == [ONE]


async def test_a_line_that_a_crash_cut_off_was_not_committed(tmp_path: Path) -> None:
    register = FileRegister((tmp_path / "r",))
    await register.add([ONE])
    with register.paths[0].open("ab") as file:
        file.write(b'{"customer_id": "C87')
    assert await register.entries() == [ONE]
    await register.add([TWO])
    assert await register.entries() == [ONE, TWO]


@pytest.mark.parametrize("line", ["nonsense", "{}", '{"customer_id": "x", "at": "2026-11-21"}'])
async def test_a_line_that_is_none_is_not_passed_over(tmp_path: Path, line: str) -> None:
    register = FileRegister((tmp_path / "r",))
    register.paths[0].write_text(line + "\n")
    with pytest.raises(StorageUnavailable):
        await register.entries()


async def test_a_register_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        await FileRegister((tmp_path,)).add([ONE])
