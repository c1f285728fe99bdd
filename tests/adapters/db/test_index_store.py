"""The master customer index: what is put in is found, by its keys, its local ID and its customer."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.adapters.db.database import Database
from app.core.identity.elements import GivenElements
from app.core.index.customer import CrossReference, LocalId, Review
from app.core.matching.blocking_key import BlockingKey
from app.services.ports import Conflict

if TYPE_CHECKING:
    from tests.adapters.db.conftest import People


async def test_a_record_is_found_by_each_of_its_keys(people: "People") -> None:
    await people.register(people.record("1"), "a", "b")
    assert await people.found("a") == await people.found("b", "z") == {"1"}
    assert await people.found("z") == await people.found() == set()


async def test_the_same_value_under_another_rule_is_another_key(database: Database, people: "People") -> None:
    await people.register(people.record("1"), "a")
    async with database.units() as unit:
        hits = await unit.index.find([BlockingKey("document", "a"), BlockingKey("name_datea", "")])
    assert hits.records == ()


async def test_a_record_comes_back_as_it_was(database: Database, people: "People") -> None:
    given = GivenElements("𠮷·田", None, "", "other", "x" * 64)
    record = await people.register(people.record("床/1 é", given=given, deceased=True, version=7), "a")
    async with database.units() as unit:
        assert await unit.index.records([record.local]) == [record]
        assert await unit.index.records_of([record.customer_id]) == [record]
        assert (await unit.index.find(people.keys("a"))).records == (record,)


async def test_a_customer_comes_whole_and_each_record_says_which_asked_keys_it_holds(
    database: Database, people: "People"
) -> None:
    one = await people.register(people.record("1"), "a", "b", "c")
    other = await people.register(people.record("2", one.customer_id), "z", new=False)
    stranger = await people.register(people.record("3"), "b")
    async with database.units() as unit:
        hits = await unit.index.find(people.keys("b", "a", "nobody's"))
    assert {r.record_id for r in hits.records} == {one.record_id, other.record_id, stranger.record_id}
    assert set(hits.keys[one.record_id]) == set(people.keys("a", "b"))
    assert hits.keys[other.record_id] == ()
    assert hits.keys[stranger.record_id] == tuple(people.keys("b"))
    assert hits.cut == frozenset()


async def test_one_look_up_serves_many_questions(database: Database, people: "People") -> None:
    records = [people.record(str(i)) for i in range(700)]
    async with database.units() as unit:
        unit.index.add_customers([r.customer_id for r in records], people.now)
        unit.index.put_records([(r, people.keys(f"a{i}", f"b{i}", "all")) for i, r in enumerate(records)])
        await unit.commit()
    async with database.units() as unit:
        asked = [key for i in range(0, 700, 2) for key in people.keys(f"a{i}", f"b{i}", f"c{i}")]
        hits = await unit.index.find(asked)
        locals_ = await unit.index.records([LocalId("hospital", str(i)) for i in range(690, 710)])
    assert {r.record_id for r in hits.records} == {r.record_id for r in records[::2]}
    assert set(hits.keys[records[4].record_id]) == set(people.keys("a4", "b4"))
    assert {r.local.local_id for r in locals_} == {str(i) for i in range(690, 700)}


async def test_local_ids_are_told_apart_by_their_system(database: Database, people: "People") -> None:
    here = await people.register(people.record("1", local=LocalId("hospital", "x")))
    there = await people.register(people.record("1", local=LocalId("cemetery", "x")))
    async with database.units() as unit:
        assert await unit.index.records([there.local, there.local, LocalId("x", "cemetery")]) == [there]
        both = await unit.index.records([here.local, there.local])
        assert {r.record_id for r in both} == {here.record_id, there.record_id}
        assert await unit.index.records([]) == []


async def test_customers_exist_once_they_are_written(database: Database, people: "People") -> None:
    record = await people.register(people.record("1"))
    async with database.units() as unit:
        assert await unit.index.exists(record.customer_id)
        assert not await unit.index.exists(people.ids.customer_id())
        assert await unit.index.records_of([people.ids.customer_id()]) == []
        assert await unit.index.records_of([]) == []


async def test_new_content_replaces_the_old_and_its_keys(database: Database, people: "People") -> None:
    record = await people.register(people.record("1"), "a", "b")
    bystander = await people.register(people.record("2"), "a")
    given = replace(people.given, name="王立华")
    changed = replace(record, given=given, version=2, deceased=True, customer_id=bystander.customer_id)
    await people.register(changed, "b", "c", new=False)
    assert await people.found("a") == {"2", "1"}  # 1 comes along as the other record of the customer
    async with database.units() as unit:
        hits = await unit.index.find(people.keys("a", "b", "c"))
        assert set(hits.keys[record.record_id]) == set(people.keys("b", "c"))
        assert await unit.index.records([record.local]) == [changed]
        assert await unit.index.records_of([record.customer_id]) == []


async def test_no_key_of_replaced_content_is_left(database: Database, people: "People") -> None:
    record = await people.register(people.record("1"), "a")
    await people.register(replace(record, version=2), "b", new=False)
    assert await people.found("a") == set()
    assert await people.found("b") == {"1"}


async def test_one_record_may_be_made_and_corrected_in_one_batch(people: "People") -> None:
    await people.register(people.record("1", version=2), "a")
    await people.register(people.record("2"), "a")
    assert await people.found("a") == {"1", "2"}


@pytest.mark.parametrize("version", [1, 2])
async def test_content_that_is_not_newer_is_a_conflict(people: "People", version: int) -> None:
    record = await people.register(people.record("1", version=2), "a")
    stale = replace(record, version=version, given=replace(people.given, name="somebody"))
    with pytest.raises(Conflict):
        await people.register(stale, "b", new=False)
    assert await people.found("a") == {"1"}
    assert await people.found("b") == set()


async def test_a_local_id_that_was_taken_meanwhile_is_a_conflict(people: "People") -> None:
    await people.register(people.record("1"), "a")
    with pytest.raises(Conflict):
        await people.register(people.record("1"), "b")
    assert await people.found("b") == set()


async def test_the_cross_index_is_read_whole_and_in_order(database: Database, people: "People") -> None:
    records = [people.record("x", local=LocalId(f"s{i % 2}", f"{i:04}")) for i in range(2100)]
    async with database.units() as unit:
        unit.index.add_customers([r.customer_id for r in records], people.now)
        unit.index.put_records([(r, []) for r in records])
        await unit.commit()
    expected = sorted(
        (CrossReference(r.local, r.customer_id) for r in records),
        key=lambda x: (x.local.source_system, x.local.local_id),
    )
    async with database.units() as unit:
        assert [x async for x in unit.index.cross_references()] == expected
        assert [x async for x in unit.index.cross_references("s1")] == expected[1050:]
        assert [x async for x in unit.index.cross_references("s")] == []


async def test_reviews_are_written_with_what_they_are_about(database: Database, people: "People") -> None:
    one, other = await people.register(people.record("1")), await people.register(people.record("2"))
    review = Review(
        review_id=people.ids.uuid(),
        record_id=one.record_id,
        customer_id=one.customer_id,
        candidate_id=other.customer_id,
        score=0.75,
        reasons=("no_document_evidence",),
        model="m1",
        opened_at=people.now,
    )
    async with database.units() as unit:
        unit.reviews.add([review])
        await unit.commit()
    async with database.units() as unit:
        unit.reviews.add([review])
        with pytest.raises(Conflict):  # it is there
            await unit.commit()
