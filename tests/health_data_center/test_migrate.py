"""The schema: up, down, up again, and the same as the code says."""

from typing import Any

from app.health_data_center import migrate


async def test_up_down_up(migrated: Any) -> None:
    assert await migrate.is_current(migrated)
    await migrate.upgrade(migrated)
    await migrate.downgrade(migrated, "base")
    assert not await migrate.is_current(migrated)
    await migrate.upgrade(migrated)
    assert await migrate.is_current(migrated)


async def test_the_code_and_the_database_agree(migrated: Any) -> None:
    assert await migrate.drift(migrated) == []
