"""The schema: up, down, up again, and the same as the code says."""

import stat
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.health_data_center import migrate
from app.health_data_center.database import open_engine
from app.health_data_center.settings import load_storage


async def test_up_down_up(migrated: Any) -> None:
    assert await migrate.is_current(migrated)
    await migrate.upgrade(migrated)
    await migrate.downgrade(migrated, "base")
    assert not await migrate.is_current(migrated)
    await migrate.upgrade(migrated)
    assert await migrate.is_current(migrated)


async def test_the_code_and_the_database_agree(migrated: Any) -> None:
    assert await migrate.drift(migrated) == []


async def test_the_file_and_its_companions_are_their_owners_alone(tmp_path: Path) -> None:
    url = load_storage({"CDC_DATA_DIR": str(tmp_path / "data")}).database_url
    await migrate.upgrade(url)
    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO change_feed VALUES ('x', 1)"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    await engine.dispose()
    assert modes == {"hdc.db": 0o600, "hdc.db-wal": 0o600, "hdc.db-shm": 0o600}


async def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    url = load_storage({"CDC_DATA_DIR": str(tmp_path)}).database_url
    path = tmp_path / "hdc.db"
    path.touch(mode=0o644)
    await migrate.upgrade(url)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
