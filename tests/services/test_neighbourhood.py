"""A bucket is cut inside a batch as it is in the database."""

from datetime import UTC, datetime

import pytest

from app.adapters.ids import RandomIds
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.index.customer import LocalId, SourceRecord
from app.core.matching.answer import Answer
from app.core.matching.blocking_key import BlindKey
from app.services.index_ports import Hits
from app.services.neighbourhood import Neighbourhood
from app.services.resolver import Resolver

KEY = BlindKey("name", (1,), 0, ("k",))
OTHER = BlindKey("document", (2,), 0, ("k",))
IDS = RandomIds()


def nobody(*_: object, **__: object) -> Answer:
    raise AssertionError("nobody is compared here")


def resolver() -> Resolver:
    return Resolver(lambda _: IdentityElements(None, None, None, None), nobody)


def record(number: int) -> SourceRecord:
    given = GivenElements("张伟", None, None, None, None)
    local = LocalId("medical", str(number))
    return SourceRecord(IDS.uuid(), local, f"C{number:04}", given, False, 1, datetime.now(UTC))


@pytest.mark.parametrize(("members", "found", "cut"), [(3, 3, ()), (4, 4, ("name",)), (9, 4, ("name",))])
def test_no_more_of_a_bucket_are_compared_than_are_read(members: int, found: int, cut: object) -> None:
    near = Neighbourhood(Hits((), {}, frozenset(), 3), resolver())
    for number in range(members):
        near.add(record(number), [KEY])
    candidates = near.candidates([KEY, OTHER])
    assert [c.customer_id for c in candidates.customers] == [f"C{number:04}" for number in range(found)]
    assert candidates.cut == cut
    assert near.candidates([OTHER]).cut == ()


def test_what_was_read_counts() -> None:
    stored = tuple(record(number) for number in range(2))
    hits = Hits(stored, {r.record_id: (KEY,) for r in stored}, frozenset(), 2)
    near_them = Neighbourhood(hits, resolver())
    for number in range(2, 9):
        near_them.add(record(number), [KEY])
    assert len(near_them.candidates([KEY]).customers) == 3


def test_new_content_of_a_member_takes_no_place() -> None:
    near = Neighbourhood(Hits((), {}, frozenset(), 1), resolver())
    known = record(1)
    for _ in range(4):
        near.remove(known)
        near.add(known, [KEY])
    assert near.candidates([KEY]).cut == ()
    assert len(near.candidates([KEY]).customers) == 1
