"""The shipped policy sets, and people, clients and directives to decide about."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st

from app.adapters.reference.policy import load_policy
from app.core.access.client import Client
from app.core.access.consent import Directive, GivenBy, Stance
from app.core.access.person import AgeGroup, Person
from app.core.access.policy import AccessRequest, Facts, PolicySet
from app.core.access.record_kinds import RecordKind, Sensitivity
from app.core.access.scope import Domain, Purpose, Scope
from app.core.matching.answer import Grade

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def make_client(domain: Domain | None, active: bool = True, client_id: str = "partner") -> Client:
    return Client(client_id, frozenset(Scope), domain, None, None, active, NOW)


def make_facts(domain: Domain | None = Domain.MEDICAL, **more: Any) -> Facts:
    client = make_client(domain, more.pop("active", True))
    known = {"scopes": frozenset(Scope), "grade": Grade.CERTAIN, "matched": True, "now": NOW}
    return Facts(client=client, **{**known, "person": Person(), **more})


def make_directive(stance: Stance = Stance.PERMIT, **more: Any) -> Directive:
    """Recorded an hour ago, of the customer's own word, unless told otherwise."""
    hour_ago = NOW - timedelta(hours=1)
    told = {"given_by": GivenBy.CUSTOMER, "valid_from": hour_ago, "recorded_at": hour_ago}
    return Directive(UUID(int=1), "CM1", stance, **{**told, **more})


@pytest.fixture(scope="session")
def default() -> PolicySet:
    return load_policy("default").policy


@pytest.fixture(scope="session")
def strict() -> PolicySet:
    return load_policy("strict").policy


@pytest.fixture
def facts() -> Callable[..., Facts]:
    return make_facts


@pytest.fixture
def directive() -> Callable[..., Directive]:
    return make_directive


_HOURS = st.integers(-4, 4).map(lambda hours: NOW + timedelta(hours=hours))
_PAST = st.integers(-4, 0).map(lambda hours: NOW + timedelta(hours=hours))


def _some(words: Any) -> st.SearchStrategy[Any]:
    return st.frozensets(st.sampled_from(words), max_size=2)


directives = st.builds(
    Directive,
    consent_id=st.just(UUID(int=1)),
    customer_id=st.just("CM1"),
    stance=st.sampled_from(Stance),
    given_by=st.sampled_from(GivenBy),
    valid_from=_HOURS,
    recorded_at=_PAST,
    domains=_some(Domain),
    purposes=_some([Purpose.TREAT, Purpose.CAREMGT]),
    partners=_some(["partner", "other"]),
    kinds=_some(RecordKind),
    sensitive=_some(Sensitivity),
    valid_until=st.none() | _HOURS,
    withdrawn_at=st.none() | _PAST,
)
people = st.builds(Person, st.sampled_from(AgeGroup), st.booleans(), st.booleans()).filter(
    lambda person: person.called_dead or not person.dead
)
everyones_facts = st.builds(
    Facts,
    client=st.builds(make_client, st.none() | st.sampled_from(Domain), st.booleans()),
    scopes=st.frozensets(st.sampled_from(Scope)) | st.just(frozenset(Scope)),
    grade=st.sampled_from(Grade) | st.just(Grade.CERTAIN),
    matched=st.booleans() | st.just(True),
    now=st.just(NOW),
    person=people,
    directives=st.lists(directives, max_size=4).map(tuple),
)
good_facts = st.builds(
    Facts,
    client=st.builds(make_client, st.sampled_from(Domain)),
    scopes=st.just(frozenset(Scope)),
    grade=st.just(Grade.CERTAIN),
    matched=st.just(True),
    now=st.just(NOW),
    person=people,
    directives=st.lists(directives, max_size=4).map(tuple),
)
requests = st.builds(
    AccessRequest,
    st.lists(st.sampled_from(Domain), max_size=3).map(tuple),
    st.sampled_from(Purpose),
    st.none() | st.text(max_size=5),
)
