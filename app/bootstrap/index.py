"""The use cases that the service and the command line share: the index and the clients."""

from app.adapters.crypto.digest import KeyedDigest
from app.adapters.crypto.secrets import PepperedSecrets
from app.bootstrap.ground import Ground
from app.bootstrap.row_workers import row_workers
from app.services.import_source_records import ImportSourceRecords
from app.services.manage_clients import ManageClients
from app.services.read_quality import ReadQuality
from app.services.register_customer import RegisterCustomer
from app.services.stewardship import Stewardship
from app.services.verified_tokens import VerifiedTokens


def registering(ground: Ground) -> RegisterCustomer:
    """Registers and updates source records."""
    digest = KeyedDigest(ground.keys.digest)
    return RegisterCustomer(
        ground.units,
        ground.resolver,
        ground.prepare,
        ground.deny,
        digest,
        ground.clock,
        ground.ids,
        ground.rules,
    )


def importing(ground: Ground) -> ImportSourceRecords:
    """Registers whole files."""
    return ImportSourceRecords(registering(ground), row_workers(ground))


def reading_quality(ground: Ground) -> ReadQuality:
    """Tells how good the data of a source system are."""
    return ReadQuality(ground.units, ground.resolver, ground.deny, ground.scribe, ground.operator_log)


def stewarding(ground: Ground, verified: VerifiedTokens) -> Stewardship:
    """What every decision of a steward needs."""
    return Stewardship(
        ground.units,
        ground.deny,
        ground.scribe,
        ground.clock,
        ground.ids,
        KeyedDigest(ground.keys.digest),
        verified,
        ground.rules,
    )


def managing_clients(ground: Ground, verified: VerifiedTokens) -> ManageClients:
    """Makes, changes and suspends clients."""
    hasher = PepperedSecrets(ground.keys.pepper)
    return ManageClients(ground.units, hasher, ground.clock, ground.ids, verified)
