"""The key of the blind index is changed while the service looks people up, registers and corrects them."""

import asyncio
import sqlite3
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.adapters.crypto.key_file import generate_keys, read_keys, write_keys
from app.adapters.crypto.key_rotation import announce_key, promote_key, retire_older_keys
from app.bootstrap.ground import Ground, open_ground
from app.bootstrap.index import registering
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.failure import InvalidElement, InvalidElements
from app.core.index.customer import LocalId, SourceRecord
from app.services.placing import Registration
from app.services.register_customer import OPERATOR, RegisterCustomer
from app.services.reindex_records import ReindexRecords
from app.settings import Settings, read_settings

SOME = 450
"""More than two pages."""


def given(number: int, day: int = 1) -> GivenElements:
    surname, first, second = "王李张刘陈"[number % 5], chr(0x4E2D + number), chr(0x5B89 + number)
    date = f"19{40 + number % 50}-{1 + number % 12:02}-{day:02}"
    return GivenElements(f"{surname}{first}{second}", "female", date, "99", f"ZY-{2357 + 7 * number}")


def said(number: int, day: int = 1) -> Registration:
    return Registration(LocalId("medical", f"P{number}"), given(number, day))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    write_keys(tmp_path / "keys.json", generate_keys())
    return read_settings({"CDC_DATA_DIR": str(tmp_path), "CDC_DATABASE_URL": database_url})


@pytest.fixture
async def service(settings: Settings) -> AsyncIterator[Ground]:
    """A process that was started before the rotation."""
    async with open_ground(settings) as ground:
        yield ground


async def register(ground: Ground, numbers: range) -> RegisterCustomer:
    registered = registering(ground)
    await registered.batch([registered.prepare(said(n)) for n in numbers], OPERATOR)
    return registered


async def unknown(ground: Ground, numbers: range) -> list[int]:
    """Whom a look-up by everything that is known of them does not find."""
    missing = []
    async with ground.units() as unit:
        for n in numbers:
            found = await ground.resolver.find(ground.resolver.understand(given(n)), unit.index)
            if found.answer.customer_id is None:
                missing.append(n)
    return missing


async def stored(ground: Ground, numbers: range) -> list[SourceRecord]:
    async with ground.units() as unit:
        return await unit.index.records([said(n).local for n in numbers])


def promote(service: Ground) -> str:
    """A new active key, which the service has taken up."""
    file = service.settings.keys_file
    key_id = announce_key(file, "index")
    service.key_watch.look()
    promote_key(file, "index", datetime.now(UTC), None)
    service.key_watch.look()
    return key_id


async def test_everybody_is_found_at_every_moment(service: Ground, settings: Settings) -> None:
    registered = await register(service, range(SOME))
    waiting = registered.prepare(said(SOME))  # as a batch of an import that waits for its turn
    file = settings.keys_file
    new = announce_key(file, "index")
    service.key_watch.look()
    assert await unknown(service, range(0, SOME, 20)) == []
    promote_key(file, "index", datetime.now(UTC), None)
    service.key_watch.look()
    await registered.batch([waiting], OPERATOR)
    everybody = range(0, SOME + 1, 15)
    assert await unknown(service, everybody) == []

    looked: list[list[int]] = []

    async def look_up() -> None:
        while True:
            looked.append(await unknown(service, everybody))

    async def correct() -> None:
        for n in range(7, SOME, 45):
            await registered.batch([registered.prepare(said(n, day=2))], OPERATOR)

    async with open_ground(settings) as operator:
        reindex = ReindexRecords(operator.units, operator.resolver.understand)
        looking = asyncio.create_task(look_up())
        told: list[int] = []
        done, _ = await asyncio.gather(reindex(told.append), correct())
        looking.cancel()
        assert await reindex.left() == 0
    assert looked
    assert not any(looked)
    assert sum(told) == done <= SOME

    retire_older_keys(file, "index", new)
    service.key_watch.look()
    assert [key.key_id for key in read_keys(file).index] == [new]
    assert await unknown(service, range(SOME + 1)) == []
    assert len(await stored(service, range(SOME + 1))) == SOME + 1


async def test_what_was_broken_off_goes_on(service: Ground) -> None:
    await register(service, range(SOME))
    promote(service)
    reindex = ReindexRecords(service.units, service.resolver.understand)

    def full_stop(_: int) -> None:
        raise KeyboardInterrupt

    assert await reindex.left() == SOME
    with pytest.raises(KeyboardInterrupt):
        await reindex(full_stop)
    left = await reindex.left()
    assert 0 < left < SOME
    assert await unknown(service, range(0, SOME, 10)) == []
    assert await reindex(lambda _: None) == left
    assert await reindex.left() == 0
    assert await reindex(lambda _: None) == 0, "there is nothing more to do"


async def test_a_record_that_is_not_understood_any_more_stays_and_is_counted(service: Ground) -> None:
    await register(service, range(3))
    promote(service)

    def understand(one: GivenElements) -> IdentityElements:
        if one == given(1):
            raise InvalidElements((InvalidElement("birth_date", "invalid", "a date"),))
        return service.resolver.understand(one)

    reindex = ReindexRecords(service.units, understand)
    assert await reindex(lambda _: None) == 2
    assert await reindex.left() == 1
    assert await unknown(service, range(3)) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_record_that_changed_since_it_was_read_is_read_again(service: Ground, tmp_path: Path) -> None:
    await register(service, range(3))
    key_id = promote(service)
    changed: list[int] = []
    database = sqlite3.connect(tmp_path / "cdc.db", isolation_level=None)

    def understand(one: GivenElements) -> IdentityElements:
        if not changed:
            changed.append(database.execute("UPDATE source_records SET version = version + 1").rowcount)
        return service.resolver.understand(one)

    assert await ReindexRecords(service.units, understand)(lambda _: None) == 3
    assert changed == [3]
    held = database.execute("SELECT record_id, index_key_id, key_hashes FROM source_records").fetchall()
    keys = database.execute("SELECT record_id, key FROM blocking_keys").fetchall()
    database.close()
    assert {key for _, key, _ in held} == {key_id}
    hashes = {(record, h) for record, _, packed in held for (h,) in struct.iter_unpack(">q", packed)}
    assert set(keys) == hashes, "no key of before is left, and none is missing"
