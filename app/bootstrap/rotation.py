"""What brings stored contents under new keys."""

from app.bootstrap.ground import Ground
from app.services.record_key_rotation import RecordKeyRotation
from app.services.reindex_records import ReindexRecords
from app.services.reseal_rows import ResealRows
from app.services.rewrap_keys import RewrapKeys


def recording_key_rotation(ground: Ground) -> RecordKeyRotation:
    """Puts a change of keys on record."""
    return RecordKeyRotation(ground.operator_log)


def reindexing(ground: Ground) -> ReindexRecords:
    """Hashes blocking keys anew."""
    return ReindexRecords(ground.units, ground.resolver.understand)


def rewrapping(ground: Ground) -> RewrapKeys:
    """Wraps customers' keys anew."""
    return RewrapKeys(ground.units)


def resealing(ground: Ground) -> ResealRows:
    """Seals rows anew that stand under the installation's own keys."""
    return ResealRows(ground.units)
