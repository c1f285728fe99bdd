"""The index under random registrations, corrections, merges, undos, splits and withdrawals: after each step
it is the ledger's fold, no record is lost, no ID is given twice, and golden records are the rules applied."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.adapters.crypto.key_file import generate_keys
from app.adapters.db import migrate
from app.bootstrap.ground import open_ground
from app.bootstrap.index import registering
from app.core.identity.elements import GivenElements
from app.core.index.attributes import Verification
from app.core.index.change import ChangeKind
from app.core.index.customer import LocalId, SourceRecord
from app.core.index.golden_record import golden_record
from app.services.check_index import CheckIndex
from app.services.context import Origin
from app.services.elements_digest import digest_of
from app.services.index_editor import IndexEditor
from app.services.index_journal import Actor, IndexJournal
from app.services.operator_log import OperatorLog
from app.services.placing import Registration
from app.settings import read_settings

T = TypeVar("T")
TESTER = Actor("tester", Origin())
PEOPLE = (
    GivenElements("王丽华", "female", "1980-02-29", "01", "110101198002290026"),
    GivenElements("欧阳震华", "male", "1971-06-05", "03", "E12345678"),
    GivenElements("张伟", "male", "1990-01-01", None, None),
    GivenElements("李秀英", "female", "1943-01-10", "99", "ZY-2024-0001"),
)
SYSTEMS = ("medical", "elder_care", "funeral")
LEVELS = (Verification.SELF_REPORTED, Verification.DOCUMENT_SEEN, Verification.CARD_READ)
ELEMENTS = st.builds(
    lambda person, slip: replace(person, **slip),
    st.sampled_from(PEOPLE),
    st.sampled_from(
        ({}, {}, {"name": None}, {"id_type": None, "id_number": None}, {"birth_date": "1980-02-28"})
    ),
)


@cache
def empty_database() -> Path:
    """A SQLite file with the schema, to copy."""
    path = Path(tempfile.mkdtemp(prefix="cdc-index-")) / "cdc.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


class Index(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.said: dict[LocalId, GivenElements] = {}
        self.seen: dict[str, UUID | None] = {}
        self.merges: list[UUID] = []
        self.numbers = 0
        self.folder = Path(tempfile.mkdtemp(prefix="cdc-index-"))
        shutil.copyfile(empty_database(), self.folder / "cdc.db")
        keys = json.dumps(generate_keys())
        read = read_settings({"CDC_DATA_DIR": str(self.folder), "CDC_KEYS": keys})
        self.ground = self.run(self.stack.enter_async_context(open_ground(read)))
        self.register = registering(self.ground)

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()
        shutil.rmtree(self.folder)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def records(self) -> list[SourceRecord]:
        async with self.ground.units() as unit:
            return sorted(await unit.index.records(list(self.said)), key=lambda r: r.local.local_id)

    async def edit(self, change: Any) -> Any:
        """One steward's change, its decisions and lines, in one transaction."""
        async with self.ground.units() as unit:
            await unit.index.lock_all()
            journal = IndexJournal(self.ground.ids, self.ground.clock.now(), TESTER, self.ground.rules)
            editor = IndexEditor(unit, journal, lambda given: digest_of(given, self.register.digest))
            done = await change(editor)
            journal.write(unit)
            await unit.commit()
        return done

    def put(self, local: LocalId, given: GivenElements, level: Verification) -> None:
        row = Registration(local, given, verification=level)
        self.run(self.register.batch([self.register.prepare(row)], TESTER))
        self.said[local] = given

    @rule(system=st.sampled_from(SYSTEMS), given=ELEMENTS, level=st.sampled_from(LEVELS))
    def a_record_comes(self, system: str, given: GivenElements, level: Verification) -> None:
        self.numbers += 1
        self.put(LocalId(system, f"{self.numbers:04}"), given, level)

    @precondition(lambda self: self.said)
    @rule(data=st.data(), given=ELEMENTS, level=st.sampled_from(LEVELS))
    def a_record_is_corrected(self, data: st.DataObject, given: GivenElements, level: Verification) -> None:
        self.put(data.draw(st.sampled_from(sorted(self.said, key=str))), given, level)

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def a_record_is_withdrawn(self, data: st.DataObject) -> None:
        record = data.draw(st.sampled_from(self.run(self.records())))
        self.run(self.edit(lambda editor: editor.withdraw(record, "withdrawn")))
        del self.said[record.local]

    @precondition(lambda self: len(self.said) > 1)
    @rule(data=st.data())
    def two_customers_are_merged(self, data: st.DataObject) -> None:
        customers = sorted({record.customer_id for record in self.run(self.records())})
        if len(customers) < 2:
            return
        one, other = data.draw(st.permutations(customers))[:2]
        merge = self.run(self.edit(lambda editor: editor.merge(one, other, "same", None)))
        self.merges.append(merge.decision_id)

    @precondition(lambda self: self.merges)
    @rule(data=st.data())
    def a_merge_is_undone(self, data: st.DataObject) -> None:
        merge = data.draw(st.sampled_from(self.merges))
        self.merges.remove(merge)
        if self.run(self.holds(merge)):
            self.run(self.edit(lambda editor: editor.undo(merge, "two people", None)))

    async def holds(self, merge_id: UUID) -> bool:
        """Whether no split has brought the retired customer back."""
        async with self.ground.units() as unit:
            merge = await unit.ledger.get(merge_id)
            assert merge is not None
            assert merge.other_id is not None
            return (await unit.customers.get([merge.other_id]))[merge.other_id].merge_id == merge_id

    @precondition(lambda self: len(self.said) > 1)
    @rule(data=st.data())
    def some_records_leave(self, data: st.DataObject) -> None:
        records = self.run(self.records())
        customer = data.draw(st.sampled_from(sorted({record.customer_id for record in records})))
        theirs = [record for record in records if record.customer_id == customer]
        if len(theirs) > 1:
            leaving = theirs[: data.draw(st.integers(1, len(theirs) - 1))]
            self.run(self.edit(lambda editor: editor.split(customer, leaving, "two people", None)))

    @invariant()
    def the_index_is_the_fold(self) -> None:
        log = OperatorLog(self.ground.units, self.ground.clock, self.ground.ids)
        check = CheckIndex(self.ground.units, log)
        assert self.run(check("tester")).differences == ()

    @invariant()
    def no_record_is_lost_and_each_says_what_was_said_last(self) -> None:
        assert {record.local: record.given for record in self.run(self.records())} == self.said

    @invariant()
    def no_id_is_given_twice(self) -> None:
        """Each customer was created once, and everybody who ever was leads to one who is."""
        told = self.run(self.changes())
        created = [change.customer_id for change in told if change.kind is ChangeKind.CREATED]
        assert len(created) == len(set(created))
        ids = {record.customer_id for record in self.run(self.records())}
        split_off = {change.other_id for change in told if change.kind is ChangeKind.SPLIT}
        assert ids <= set(created) | split_off
        assert not set(created) & self.made_by_splits(told)

    @invariant()
    def a_golden_record_is_the_rules_applied_to_the_members(self) -> None:
        by_customer: dict[str, list[SourceRecord]] = {}
        for record in self.run(self.records()):
            by_customer.setdefault(record.customer_id, []).append(record)
        for records in by_customer.values():
            golden = golden_record(records, self.ground.rules)
            for field in ("name", "gender", "birth_date"):
                assert getattr(golden.elements, field) == best(records, field)

    async def changes(self) -> list[Any]:
        async with self.ground.units() as unit:
            unit.changes.place()
            await unit.commit()
        async with self.ground.units() as unit:
            return [change for _, change in await unit.changes.list(0, 10_000)]

    def made_by_splits(self, told: list[Any]) -> set[str]:
        """Splinters that had not been created before: their IDs are new."""
        known, made = set[str](), set[str]()
        for change in told:
            if change.kind is ChangeKind.SPLIT and change.other_id not in known:
                made.add(change.other_id)
            known |= {change.customer_id, change.other_id} - {None}
        return made


def best(records: list[SourceRecord], field: str) -> str | None:
    """The surest verification, then the newest, of those who say something."""
    saying = [record for record in records if getattr(record.given, field) is not None]
    if not saying:
        return None
    surest = max(LEVELS.index(record.verification) for record in saying)
    among = [record for record in saying if LEVELS.index(record.verification) == surest]
    value: str = getattr(max(among, key=lambda record: record.updated_at).given, field)
    return value


Index.TestCase.settings = settings(max_examples=12, stateful_step_count=14, deadline=None)
TestIndex = Index.TestCase
