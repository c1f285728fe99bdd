"""A database that is used again has nothing of the test before."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.postgresql import Databases, aside, run_sql


def asked(url: str, query: str) -> Any:
    async def value() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return aside(lambda: asyncio.run(value()))


def test_rows_and_sequences_are_as_they_were(postgres_databases: Databases) -> None:
    name = postgres_databases.take()
    url = postgres_databases.url(name)
    revision = asked(url, "SELECT version_num FROM alembic_version")
    run_sql(
        url,
        "INSERT INTO customers (customer_id, created_at) VALUES ('C1', now())",
        "SELECT nextval('identity_decisions_position_seq')",
        "UPDATE alembic_version SET version_num = 'another'",
    )
    postgres_databases.give_back(name)
    again = postgres_databases.take()
    assert again == name
    assert asked(url, "SELECT count(*) FROM customers") == 0
    assert asked(url, "SELECT nextval('identity_decisions_position_seq')") == 1
    assert asked(url, "SELECT version_num FROM alembic_version") == revision
    postgres_databases.give_back(again)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE another ()",
        "ALTER TABLE audit_events DISABLE TRIGGER ALL",
        "GRANT SELECT ON customers TO PUBLIC",
        "ALTER TABLE customers ADD COLUMN another text",
    ],
)
def test_another_shape_is_not_used_again(postgres_databases: Databases, change: str) -> None:
    name = postgres_databases.take()
    run_sql(postgres_databases.url(name), change)
    postgres_databases.give_back(name)
    following = postgres_databases.take()
    assert following != name
    postgres_databases.give_back(following)
