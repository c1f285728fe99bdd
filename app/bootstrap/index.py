"""The use cases of the index and the clients, which the service and the command line share."""

from app.adapters.crypto.digest import KeyedDigest
from app.adapters.crypto.secrets import PepperedSecrets
from app.bootstrap.ground import Ground
from app.bootstrap.row_workers import row_workers
from app.services.check_index import CheckIndex
from app.services.export_cross_references import ExportCrossReferences
from app.services.export_labels import ExportLabels
from app.services.import_source_records import ImportSourceRecords
from app.services.learn_frequencies import LearnFrequencies
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


def checking_index(ground: Ground) -> CheckIndex:
    """Folds the ledger again, and repairs what differs."""
    return CheckIndex(ground.units, ground.operator_log)


def exporting_cross_references(ground: Ground) -> ExportCrossReferences:
    """Tells whose local ID is whose customer ID."""
    return ExportCrossReferences(ground.units, ground.operator_log)


def exporting_labels(ground: Ground) -> ExportLabels:
    """Tells what stewards decided, for training."""
    return ExportLabels(ground.units, ground.operator_log)


def learning_frequencies(ground: Ground) -> LearnFrequencies:
    """Counts the names that are stored."""
    return LearnFrequencies(ground.units, ground.resolver, ground.operator_log)


def stewarding(ground: Ground, verified: VerifiedTokens | None = None) -> Stewardship:
    """What every decision of a steward needs. `verified`: the tokens that this process remembers, if any."""
    return Stewardship(
        ground.units,
        ground.deny,
        ground.scribe,
        ground.clock,
        ground.ids,
        KeyedDigest(ground.keys.digest),
        VerifiedTokens() if verified is None else verified,
        ground.rules,
    )


def managing_clients(ground: Ground, verified: VerifiedTokens | None = None) -> ManageClients:
    """Makes, changes and suspends clients. `verified`: the tokens that this process remembers, if any."""
    hasher = PepperedSecrets(ground.keys.pepper)
    remembered = VerifiedTokens() if verified is None else verified
    return ManageClients(ground.units, hasher, ground.clock, ground.ids, remembered)
