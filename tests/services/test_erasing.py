"""What an erasure leaves opens with no key that is left; a restored backup is erased again."""

import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from app.adapters.crypto.cipher import Box, CannotOpen, Cipher
from app.adapters.crypto.key_file import generate_keys
from app.adapters.crypto.keys import key_ring
from app.bootstrap.erasures import keeping_erased, reapplying
from app.bootstrap.ground import Ground, open_ground
from app.bootstrap.index import registering, stewarding
from app.core.access.consent import Directive, GivenBy, Stance
from app.core.access.consent_record import ConsentRecord, Proof, Withdrawal
from app.core.audit.event import Event, Kind
from app.core.identity.elements import GivenElements
from app.core.index.customer import LocalId
from app.services.check_index import CheckIndex
from app.services.context import Origin
from app.services.erasing import Estate, erase
from app.services.index_journal import Actor
from app.services.operator_log import OperatorLog
from app.services.placing import Registration
from app.services.ports import StorageUnavailable
from app.services.stewardship import Stewardship
from app.services.verified_tokens import VerifiedTokens
from app.settings import read_settings

BY = Actor("test", Origin())
WANG = GivenElements("王丽华", "female", "1980-02-29", "01", "110101198002290026")
OUYANG = GivenElements("欧阳震华", "male", "1971-06-05", "01", "320102197106053517")
SIMA = GivenElements("司马相如", "male", "1971-06-05", "01", "320102197106053429")
KEYS = generate_keys()


@dataclass
class House:
    """The services on a database, without HTTP."""

    ground: Ground
    stewardship: Stewardship

    def template(self) -> Event:
        ids, clock = self.ground.ids, self.ground.clock
        return Event(event_id=ids.uuid(), at=clock.now(), kind=Kind.ERASURE, outcome="", client_id="test")

    async def register(self, local_id: str, given: GivenElements) -> str:
        row = Registration(LocalId("medical", local_id), given)
        register = registering(self.ground)
        (done,) = await register.batch([register.prepare(row)], BY)
        return done.customer_id

    async def merge(self, survivor: str, retired: str) -> Any:
        async with self.stewardship.edit_as(BY, self.template()) as editing:
            decision = await editing.editor.merge(survivor, retired, "steward", {"reason": "her sister"})
        return decision.decision_id

    async def undo(self, merge_id: Any) -> None:
        async with self.stewardship.edit_as(BY, self.template()) as editing:
            await editing.editor.undo(merge_id, "steward", {"reason": "two after all"})

    async def distinguish(self, one: str, other: str) -> None:
        async with self.stewardship.edit_as(BY, self.template()) as editing:
            await editing.editor.distinguish(one, other, "review", {"reason": "twins"})

    async def split(self, customer_id: str, *local_ids: str) -> str:
        async with self.stewardship.edit_as(BY, self.template()) as editing:
            records = await editing.unit.index.records_of([customer_id])
            leaving = [record for record in records if record.local.local_id in local_ids]
            decision = await editing.editor.split(customer_id, leaving, "steward", {"reason": "his brother"})
        assert decision.other_id is not None
        return decision.other_id

    async def withdraw(self, local_id: str) -> None:
        async with self.stewardship.edit_as(BY, self.template()) as editing:
            (record,) = await editing.unit.index.records([LocalId("medical", local_id)])
            await editing.editor.withdraw(record, "withdrawn")

    async def state(self, customer_id: str, statement: str) -> None:
        """An event that states something of the customer."""
        async with self.ground.units() as unit:
            event = replace(self.template(), kind=Kind.ACCESS, customer_id=customer_id, statement=statement)
            unit.events.append(event)
            await unit.commit()

    async def consent(self, customer_id: str, text: str, reason: str) -> None:
        """A directive with its proof, withdrawn with a reason."""
        now, consent_id = self.ground.clock.now(), self.ground.ids.uuid()
        given = Directive(consent_id, customer_id, Stance.PERMIT, GivenBy.CUSTOMER, now, now)
        end = Withdrawal(consent_id, now, "test", None, reason)
        async with self.ground.units() as unit:
            unit.consents.add([ConsentRecord(given, Proof(text), "test", withdrawal=end)])
            await unit.commit()

    async def consents(self, customer_id: str) -> list[ConsentRecord]:
        async with self.ground.units() as unit:
            return await unit.consents.list(customer_id, None, 10)

    async def erase(self, customer_id: str) -> Estate:
        async with self.stewardship.edit_as(BY, self.template()) as editing:
            return await erase(editing, customer_id, "consent_withdrawn")

    async def records(self, customer_id: str) -> dict[str, GivenElements]:
        async with self.ground.units() as unit:
            found = await unit.index.records_of([customer_id])
        return {record.local.local_id: record.given for record in found}

    async def differences(self) -> tuple[str, ...]:
        log = OperatorLog(self.ground.units, self.ground.clock, self.ground.ids)
        return (await CheckIndex(self.ground.units, log)("test")).differences

    async def reapply(self) -> Any:
        return await reapplying(self.ground, self.stewardship)()

    async def enter(self, *customer_ids: str) -> None:
        """Into the register."""
        register = reapplying(self.ground, self.stewardship).register
        async with self.ground.units() as unit:
            entries = await unit.erasures.erased()
        await register.add([entry for entry in entries if entry.customer_id in customer_ids])


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async for opened in _open(database_url, tmp_path):
        yield opened


async def _open(url: str, data: Path) -> AsyncIterator[House]:
    environment = {"CDC_DATABASE_URL": url, "CDC_DATA_DIR": str(data), "CDC_KEYS": json.dumps(KEYS)}
    async with open_ground(read_settings(environment)) as ground:
        yield House(ground, stewarding(ground, VerifiedTokens()))


def sealed_blobs(path: Path) -> list[tuple[str, bytes, bytes]]:
    """Every sealed content of a SQLite database: where it stands, what it belongs to, and itself."""
    queries = {
        "source_records": "SELECT record_id, sealed FROM source_records",
        "source_record_versions": "SELECT record_id, sealed FROM source_record_versions",
        "identity_decisions": "SELECT decision_id, evidence FROM identity_decisions WHERE evidence NOT NULL",
        "audit_events": "SELECT event_id, statement FROM audit_events WHERE statement NOT NULL",
        "consents": "SELECT consent_id, sealed FROM consents",
        "consent_withdrawals": "SELECT consent_id, sealed FROM consent_withdrawals",
    }
    connection = sqlite3.connect(path)
    found = [(table, *row) for table, sql in queries.items() for row in connection.execute(sql)]
    connection.close()
    names = {"consent_withdrawals": b"withdrawal"}  # else it would go by the name of the consent itself
    return [(table, names.get(table, b"") + belongs_to, blob) for table, belongs_to, blob in found]


def openable(path: Path) -> dict[str, int]:
    """By table, how many sealed contents a thief opens with the file and every key of the installation."""
    connection = sqlite3.connect(path)
    wrapped = connection.execute("SELECT customer_id, wrapped, data_key_id FROM customer_keys").fetchall()
    connection.close()
    cipher = Cipher(key_ring(KEYS).data)
    boxes = [Box(c, cipher.open(key, under, c.encode())) for c, key, under in wrapped]
    boxes += [Box(key.key_id, key.key) for key in key_ring(KEYS).data]
    counts: dict[str, int] = {}
    for table, belongs_to, blob in sealed_blobs(path):
        if _opens(blob, belongs_to, boxes):
            counts[table] = counts.get(table, 0) + 1
    return counts


def _opens(blob: bytes, belongs_to: bytes, boxes: list[Box]) -> bool:
    """With one key, or with two, one around the other."""
    for outer in boxes:
        try:
            inner = outer.open(blob, belongs_to)
        except CannotOpen:
            continue
        return not inner.startswith(b"\x01") or _opens(inner, belongs_to, boxes)
    return False


async def test_what_is_left_opens_with_no_key(sqlite_url: str, tmp_path: Path) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    async for house in _open(sqlite_url, tmp_path):
        wang = await house.register("P1", WANG)
        await house.register("P1", replace(WANG, name="王莉华"))
        ouyang = await house.register("P2", OUYANG)
        await house.register("P9", OUYANG)
        await house.withdraw("P9")
        await house.distinguish(wang, ouyang)
        await house.merge(wang, ouyang)
        await house.state(wang, "found unconscious")
        for customer_id in (wang, ouyang):
            await house.consent(customer_id, "王丽华 signed in room 12", "her son asked")
        before = openable(path)
        connection = sqlite3.connect(path)
        keys = [row[0] for row in connection.execute("SELECT wrapped FROM customer_keys")]
        connection.close()
        assert {b"\x01"} == {key[:1] for key in keys}
        assert set(before) == {
            "source_records",
            "source_record_versions",
            "identity_decisions",
            "audit_events",
            "consents",
            "consent_withdrawals",
        }
        await house.erase(wang)
        assert openable(path) == {}
        left = {"identity_decisions", "audit_events", "consents", "consent_withdrawals"}
        assert {table for table, _, _ in sealed_blobs(path)} == left
        files = b"".join(p.read_bytes() for p in path.parent.iterdir() if p.name.startswith(path.name))
        assert not any(key in files for key in keys)
        assert await house.differences() == ()


async def test_a_consent_outlives_its_proof(house: House) -> None:
    """What was permitted stays on record under the tombstone; what shows who they were does not."""
    wang, ouyang = await house.register("P1", WANG), await house.register("P2", OUYANG)
    for customer_id in (wang, ouyang):
        await house.consent(customer_id, "signed in room 12", "her son asked")
    await house.erase(wang)
    (gone,), (kept,) = await house.consents(wang), await house.consents(ouyang)
    assert (gone.directive.stance, gone.recorded_by) == (Stance.PERMIT, "test")
    assert gone.withdrawal is not None
    assert kept.withdrawal is not None
    assert (gone.proof, gone.withdrawal.reason) == (None, None)
    assert (kept.proof, kept.withdrawal.reason) == (Proof("signed in room 12"), "her son asked")


async def test_a_split_after_a_merge_takes_to_each_what_is_theirs(house: House) -> None:
    """Somebody's erasure leaves another's records, former contents and evidence as they are."""
    wang = await house.register("P1", WANG)
    sima = await house.register("P3", SIMA)
    merge = await house.merge(wang, sima)
    brother = await house.split(wang, "P1")
    assert brother not in (wang, sima)
    await house.erase(wang)
    assert await house.records(brother) == {"P1": WANG}
    assert await house.records(wang) == {}
    assert await house.differences() == ()
    with pytest.raises(Exception, match="erased"):
        await house.undo(merge)


@pytest.mark.parametrize("erased", [0, 1])
async def test_after_an_undo_each_is_erased_alone(house: House, erased: int) -> None:
    pair = [await house.register("P1", WANG), await house.register("P2", OUYANG)]
    merge = await house.merge(*pair)
    await house.register("P4", OUYANG)
    await house.undo(merge)
    estate = await house.erase(pair[erased])
    assert estate.homes == (pair[erased],)
    left = [{"P1": WANG}, {"P2": OUYANG, "P4": OUYANG}][1 - erased]
    assert await house.records(pair[1 - erased]) == left
    assert await house.differences() == ()


@dataclass
class Backup:
    """A copy of a SQLite file, and its way back."""

    path: Path

    def take(self) -> None:
        connection, copy = sqlite3.connect(self.path), sqlite3.connect(f"{self.path}.backup")
        connection.backup(copy)
        connection.close()
        copy.close()

    def restore(self) -> None:
        for leftover in ("-wal", "-shm"):
            self.path.with_name(self.path.name + leftover).unlink(missing_ok=True)
        shutil.copyfile(f"{self.path}.backup", self.path)


@pytest.fixture
def backup(sqlite_url: str) -> Backup:
    return Backup(Path(sqlite_url.removeprefix("sqlite:///")))


async def test_a_restored_backup_is_erased_again(sqlite_url: str, tmp_path: Path, backup: Backup) -> None:
    async for house in _open(sqlite_url, tmp_path):
        pair = (await house.register("P1", WANG), await house.register("P2", OUYANG))
        sima = await house.register("P3", SIMA)
        backup.take()
        await house.merge(*pair)
        await house.erase(pair[0])
        await house.enter(*pair)
    backup.restore()
    async for house in _open(sqlite_url, tmp_path):
        assert await house.records(pair[0]) == {"P1": WANG}
        again = await house.reapply()
        assert sorted(again.erased) == sorted(pair)
        assert [await house.records(customer_id) for customer_id in pair] == [{}, {}]
        assert await house.records(sima) == {"P3": SIMA}
        assert (await house.reapply()).erased == ()
        assert await house.differences() == ()


@pytest.mark.parametrize(("survivor", "erased"), list(product([0, 1], [0, 1])))
async def test_who_was_parted_before_the_erasure_is_parted_again(
    sqlite_url: str, tmp_path: Path, backup: Backup, survivor: int, erased: int
) -> None:
    """The backup is of a time when they were one; one alone was erased, and the other must live."""
    people = {"P1": WANG, "P2": OUYANG}
    async for house in _open(sqlite_url, tmp_path):
        pair = [await house.register(local_id, given) for local_id, given in people.items()]
        merge = await house.merge(pair[survivor], pair[1 - survivor])
        backup.take()
        await house.undo(merge)
        await house.erase(pair[erased])
        await house.enter(pair[erased])
    backup.restore()
    async for house in _open(sqlite_url, tmp_path):
        assert (await house.reapply()).erased == (pair[erased],)
        left = list(people.items())[1 - erased]
        assert await house.records(pair[1 - erased]) == dict([left])
        assert await house.records(pair[erased]) == {}
        assert await house.differences() == ()


async def test_what_another_machine_erased_is_entered_here(house: House, tmp_path: Path) -> None:
    wang = await house.register("P1", WANG)
    await house.erase(wang)
    assert (await house.reapply()).entered == 1
    assert wang in (tmp_path / "erasures.ndjson").read_text()
    assert (await house.reapply()).entered == 0


async def test_a_worker_is_not_ready_before_the_register_was_applied(house: House, tmp_path: Path) -> None:
    guard = keeping_erased(house.ground, house.stewardship)
    with pytest.raises(StorageUnavailable):
        await guard.ready()
    (tmp_path / "erasures.ndjson").write_text("damaged\n")
    await guard.once()
    with pytest.raises(StorageUnavailable):
        await guard.ready()
    (tmp_path / "erasures.ndjson").unlink()
    await guard.once()
    await guard.ready()
