"""What the center keeps of the CDC's changes: how far it has read, and who is known under whose ID."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.health_data_center.tables import change_feed, erased_customers, merged_customers

_FEED = "cdc"


async def position(connection: AsyncConnection) -> int:
    """How far the feed was followed."""
    query = select(change_feed.c.position).where(change_feed.c.feed == _FEED)
    return int((await connection.execute(query)).scalar_one_or_none() or 0)


async def advance(connection: AsyncConnection, before: int, to: int) -> bool:
    """Moves on; False where another worker has done so meanwhile, whose work this would double."""
    if before == 0 and (await position(connection)) == 0:
        known = select(change_feed.c.feed).where(change_feed.c.feed == _FEED)
        if (await connection.execute(known)).first() is None:
            await connection.execute(insert(change_feed).values(feed=_FEED, position=0))
    moved = (
        update(change_feed)
        .where(change_feed.c.feed == _FEED, change_feed.c.position == before)
        .values(position=to)
    )
    return bool((await connection.execute(moved)).rowcount)


async def survivors(connection: AsyncConnection, customer_ids: Collection[str]) -> Mapping[str, str]:
    """Of these customers the merged ones, with whom they are known as."""
    query = select(merged_customers).where(merged_customers.c.customer_id.in_(customer_ids))
    return {row.customer_id: row.survivor_id for row in await connection.execute(query)}


async def note_merge(connection: AsyncConnection, survivor_id: str, retired_id: str) -> None:
    """The retired customer, and whoever was known as them, is known as the survivor."""
    table = merged_customers
    below = update(table).where(table.c.survivor_id == retired_id).values(survivor_id=survivor_id)
    await connection.execute(below)
    await _lead(connection, [retired_id], survivor_id)


async def note_split(connection: AsyncConnection, revived_id: str, homes: Collection[str]) -> None:
    """A customer is one of their own again, or new, with whoever is known as them."""
    await connection.execute(delete(merged_customers).where(merged_customers.c.customer_id == revived_id))
    await _lead(connection, [home for home in homes if home != revived_id], revived_id)


async def note_erasure(connection: AsyncConnection, customer_ids: Collection[str]) -> None:
    """Nothing of these customers is read any more, now or later."""
    known = await erased(connection, customer_ids)
    rows = [{"customer_id": customer_id} for customer_id in sorted(set(customer_ids) - known)]
    if rows:
        await connection.execute(insert(erased_customers), rows)


async def erased(connection: AsyncConnection, customer_ids: Collection[str]) -> set[str]:
    """Those of these customers who were erased."""
    query = select(erased_customers.c.customer_id).where(erased_customers.c.customer_id.in_(customer_ids))
    return set((await connection.execute(query)).scalars())


async def _lead(connection: AsyncConnection, customer_ids: Collection[str], survivor_id: str) -> None:
    if not customer_ids:
        return
    table = merged_customers
    await connection.execute(delete(table).where(table.c.customer_id.in_(customer_ids)))
    rows = [{"customer_id": customer_id, "survivor_id": survivor_id} for customer_id in customer_ids]
    await connection.execute(insert(table), rows)
