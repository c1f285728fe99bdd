"""What every use case stands on: settings, keys, database, clock, and what the resolver needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from app.adapters.clock import SystemClock
from app.adapters.crypto.blind_index import BlindIndex
from app.adapters.crypto.checkpoint_signer import verifier_keys
from app.adapters.crypto.key_file import read_keys
from app.adapters.crypto.key_watch import KeyWatch
from app.adapters.crypto.keys import KeyRing, parse_keys
from app.adapters.db.database import Database, open_database
from app.adapters.ids import RandomIds
from app.adapters.reference.load import load_reference_tables
from app.adapters.reference.model import load_model, load_shipped_model
from app.adapters.reference.policy import LoadedPolicy, load_policy
from app.adapters.reference.survivorship import load_shipped_survivorship, load_survivorship
from app.bootstrap.preparing import Understand, preparing, understanding
from app.core.index.golden_record import SurvivorshipRules
from app.core.matching.model import Model
from app.core.matching.resolve import resolve
from app.services.operator_log import OperatorLog
from app.services.ports import Units
from app.services.prepare import Prepare
from app.services.record_denial import RecordDenial
from app.services.resolver import Resolver
from app.services.scribe import Scribe
from app.settings import Settings


@dataclass(frozen=True, slots=True, repr=False)
class Ground:
    """What every use case stands on."""

    settings: Settings
    keys: KeyRing
    database: Database
    clock: SystemClock
    ids: RandomIds
    scribe: Scribe
    deny: RecordDenial
    resolver: Resolver
    prepare: Prepare
    rules: SurvivorshipRules
    policy: LoadedPolicy
    key_watch: KeyWatch

    @property
    def units(self) -> Units:
        """Opens units of work."""
        return self.database.units

    @property
    def operator_log(self) -> OperatorLog:
        """Records what is done without a token."""
        return OperatorLog(self.units, self.clock, self.ids)


def read_key_ring(settings: Settings) -> KeyRing:
    """The installation's keys. Raises `InvalidKeys`, saying how to make them where there are none."""
    return parse_keys(settings.keys) if settings.keys is not None else read_keys(settings.keys_file)


def log_keys(settings: Settings) -> tuple[str, ...]:
    """The public keys of the access log's checkpoints (C2SP vkey), the active one first.

    Raises `InvalidKeys`.
    """
    return verifier_keys(read_key_ring(settings).checkpoint)


@asynccontextmanager
async def open_ground(settings: Settings) -> AsyncIterator[Ground]:
    """Opens keys and database, and closes the database at the end. Raises `InvalidKeys`, `InvalidModel`."""
    key_watch = KeyWatch(settings.keys_file if settings.keys is None else None)
    keys = read_key_ring(settings)
    database = open_database(
        settings.database_url, keys, bucket_limit=settings.bucket_limit, connections=settings.pool_size
    )
    blind_index = BlindIndex(keys.index)
    key_watch.tell(database.use_keys)
    key_watch.tell(lambda ring: blind_index.use(ring.index))
    watching = asyncio.create_task(key_watch.run())
    try:
        clock, ids = SystemClock(settings.timezone), RandomIds()
        scribe = Scribe(clock, ids)
        deny = RecordDenial(database.units, scribe)
        rules, understood = _survivorship(settings), understanding(clock)
        policy = load_policy(settings.policy)
        resolver = _resolver(understood, settings)
        prepare = preparing(understood, clock, blind_index, keys.digest)
        yield Ground(
            settings, keys, database, clock, ids, scribe, deny, resolver, prepare, rules, policy, key_watch
        )
    finally:
        watching.cancel()
        await database.close()


def _survivorship(settings: Settings) -> SurvivorshipRules:
    file = settings.survivorship_file
    return load_survivorship(file) if file else load_shipped_survivorship()


def model_in_force(settings: Settings) -> Model:
    """The operator's model, or the shipped one. Raises `InvalidModel`."""
    return load_model(settings.model_file) if settings.model_file else load_shipped_model()


def _resolver(understood: Understand, settings: Settings) -> Resolver:
    return Resolver(
        understand=understood,
        resolve=partial(resolve, model=model_in_force(settings), tables=load_reference_tables()),
    )
