"""Blocking keys that too many records share are cut, and say so."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from app.adapters.crypto.keys import KeyRing
from app.adapters.db.database import open_database

if TYPE_CHECKING:
    from tests.adapters.db.conftest import People


@pytest.mark.parametrize(("members", "cut"), [(4, False), (5, False), (6, True), (20, True)])
async def test_a_bucket_beyond_the_limit_is_cut(
    database_url: str, key_ring: KeyRing, people_on: Callable[..., "People"], members: int, cut: bool
) -> None:
    database = open_database(database_url, key_ring, bucket_limit=5)
    people = people_on(database)
    for i in range(members):
        await people.register(people.record(str(i)), "shared", f"own{i}")
    async with database.units() as unit:
        hits = await unit.index.find(people.keys("shared", "own0", f"own{members - 1}"))
    assert hits.cut == (frozenset(people.keys("shared")) if cut else frozenset())
    assert len(hits.records) <= 7  # those of the bucket, one more, and the one that its own key finds
    assert {"0", str(members - 1)} <= {r.local.local_id for r in hits.records}
    await database.close()


async def test_other_keys_of_the_same_question_are_read_whole(
    database_url: str, key_ring: KeyRing, people_on: Callable[..., "People"]
) -> None:
    database = open_database(database_url, key_ring, bucket_limit=3)
    people = people_on(database)
    for i in range(10):
        await people.register(people.record(str(i)), "large", "small" if i > 6 else "other")
    async with database.units() as unit:
        hits = await unit.index.find(people.keys("small", "large"))
    assert hits.cut == frozenset(people.keys("large"))
    assert {"7", "8", "9"} <= {r.local.local_id for r in hits.records}
    await database.close()
