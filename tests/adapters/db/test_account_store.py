"""Accounts and sessions, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.adapters.db.database import Database
from app.core.access.account import Account, ConsoleSession
from app.core.access.roles import Role
from app.services.ports import Conflict

NOW = datetime(2026, 11, 21, 23, 59, 59, 999999, tzinfo=UTC)
BARE = Account("oidc:li", Role.STEWARD, False, NOW)
WHOLE = Account("li.wei", Role.AUDITOR, True, NOW, "$argon2id$x", NOW, 3, NOW, NOW)


def session(number: int, account: str, **facts: object) -> ConsoleSession:
    plain = ConsoleSession(UUID(int=number), account, bytes([number]), NOW, NOW, NOW + timedelta(hours=8))
    return replace(plain, **facts)  # type: ignore[arg-type]


@pytest.fixture
async def stored(database: Database) -> Database:
    async with database.units() as unit:
        unit.accounts.add(WHOLE)
        unit.accounts.add(BARE)
        await unit.commit()
    return database


async def test_an_account_comes_back_as_it_was(stored: Database) -> None:
    async with stored.units() as unit:
        assert await unit.accounts.list() == [WHOLE, BARE]
        assert await unit.accounts.get("nobody") is None
        unit.accounts.replace(replace(WHOLE, one_time_until=None, role=Role.STEWARD))
        await unit.commit()
        assert await unit.accounts.get("li.wei") == replace(WHOLE, one_time_until=None, role=Role.STEWARD)


async def test_a_name_is_taken_once_and_only_a_known_one_is_changed(stored: Database) -> None:
    async with stored.units() as unit:
        unit.accounts.add(BARE)
        with pytest.raises(Conflict):
            await unit.commit()
    async with stored.units() as unit:
        unit.accounts.replace(replace(BARE, name="nobody"))
        with pytest.raises(Conflict):
            await unit.commit()


async def test_a_session_is_found_by_its_secret_with_whose_it_is(stored: Database) -> None:
    mine, other = session(1, "li.wei"), session(2, "oidc:li")
    async with stored.units() as unit:
        unit.console_sessions.add(mine)
        unit.console_sessions.add(other)
        await unit.commit()
        assert await unit.console_sessions.get(b"\x01") == (mine, WHOLE)
        assert await unit.console_sessions.get(b"\x03") is None
        unit.console_sessions.touch(mine.session_id, NOW + timedelta(minutes=1))
        await unit.commit()
        assert await unit.console_sessions.get(b"\x01") == (
            replace(mine, seen_at=NOW + timedelta(minutes=1)),
            WHOLE,
        )
        unit.console_sessions.end(other.session_id)
        await unit.commit()
        assert await unit.console_sessions.get(b"\x02") is None


async def test_sessions_end_together_or_by_themselves(stored: Database) -> None:
    async with stored.units() as unit:
        unit.console_sessions.add(session(1, "li.wei"))
        unit.console_sessions.add(session(2, "li.wei"))
        unit.console_sessions.add(session(3, "oidc:li", expires_at=NOW))
        unit.console_sessions.add(session(4, "oidc:li"))
        await unit.commit()
        unit.console_sessions.end_all_of("li.wei")
        unit.console_sessions.purge(NOW)
        await unit.commit()
        found = [await unit.console_sessions.get(bytes([n])) for n in (1, 2, 3, 4)]
    assert [entry is not None for entry in found] == [False, False, False, True]
