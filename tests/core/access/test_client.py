from datetime import UTC, datetime, timedelta

import pytest

from app.core.access.client import CLIENT_ID, Client
from app.core.access.lifetimes import customer_token_lifetime
from app.core.access.scope import Purpose, Scope

CREATED = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _client(
    *, systems: frozenset[str] | None = None, active: bool = True, mark: datetime | None = None
) -> Client:
    return Client("partner", frozenset({Scope.CUSTOMER_READ}), None, systems, None, active, CREATED, mark)


def test_a_client_knows_its_source_systems_alone() -> None:
    assert _client(systems=None).knows("anything")
    assert _client(systems=frozenset({"medical"})).knows("medical")
    assert not _client(systems=frozenset({"medical"})).knows("funeral")
    assert not _client(systems=frozenset()).knows("medical")


@pytest.mark.parametrize(("after", "alive"), [(-1, False), (0, False), (1, True)])
def test_a_token_at_or_before_the_watermark_is_dead(after: int, alive: bool) -> None:
    assert _client(mark=CREATED).outlives(CREATED + timedelta(seconds=after)) is alive


def test_no_token_of_a_suspended_client_lives() -> None:
    assert not _client(active=False).outlives(CREATED)
    assert _client().outlives(CREATED)


@pytest.mark.parametrize("client_id", ["", "A", "a b", "a" * 65, "a\n", "é", "a:b", "a%20"])
def test_a_client_id_is_plain(client_id: str) -> None:
    assert not CLIENT_ID.fullmatch(client_id)


def test_an_emergency_token_lives_shorter() -> None:
    assert customer_token_lifetime(Purpose.ETREAT) == timedelta(seconds=120)
    assert customer_token_lifetime(Purpose.TREAT) == timedelta(seconds=300)
