"""The composition: settings → adapters → use cases. Built in the application's lifespan, never at import."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from app.health_data_center.cdc_client import CdcClient
from app.health_data_center.cipher import BodyCipher
from app.health_data_center.database import Database
from app.health_data_center.failure_tally import FailureTally
from app.health_data_center.keys import load_keys
from app.health_data_center.record_store import RecordStore
from app.health_data_center.services.follow_changes import FollowChanges
from app.health_data_center.services.gate import Gate
from app.health_data_center.services.look_up import LookUp
from app.health_data_center.services.read_records import ReadRecords
from app.health_data_center.services.write_records import WriteRecords
from app.health_data_center.settings import Settings
from app.health_data_center.tokens.key_set import KeySet
from app.health_data_center.tokens.verifier import TokenVerifier

_FLUSH_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Center:
    """What the routes need."""

    gate: Gate
    read_records: ReadRecords
    write_records: WriteRecords
    look_up: LookUp
    follow_changes: FollowChanges
    database: Database


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@contextlib.asynccontextmanager
async def open_center(
    settings: Settings,
    transport: httpx.AsyncBaseTransport | None = None,
    now: Callable[[], datetime] = utc_now,
) -> AsyncIterator[Center]:
    """The running center; `transport` stands in for the network to the CDC. Raises `SettingsError`."""
    store = RecordStore(BodyCipher(load_keys(settings.storage)))
    database = Database(settings.storage.database_url)
    cdc = CdcClient(settings.cdc_url, settings.client_id, settings.client_secret, transport)
    failures = FailureTally(database, now)
    verifier = TokenVerifier(settings.issuer, KeySet(cdc.keys, time.monotonic), cdc, now)
    gate = Gate(verifier, failures, database, settings.public_url, settings.records_audience, now)
    flushing = asyncio.create_task(_flush_regularly(failures))
    follow = FollowChanges(cdc, database, store)
    follower = asyncio.create_task(follow.forever()) if settings.follow_changes else None
    try:
        yield Center(
            gate=gate,
            read_records=ReadRecords(gate, store),
            write_records=WriteRecords(gate, store),
            look_up=LookUp(gate, store, cdc, settings.client_id),
            follow_changes=follow,
            database=database,
        )
    finally:
        for task in (flushing, follower):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        await failures.flush(everything=True)
        await cdc.close()
        await database.close()


async def _flush_regularly(failures: FailureTally) -> None:
    while True:
        await asyncio.sleep(_FLUSH_SECONDS)
        await failures.flush()
