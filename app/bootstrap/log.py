"""The access log, as the command line keeps and hands it out."""

from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.db.log_keeper import SqlLogKeeper
from app.bootstrap.ground import Ground
from app.services.export_log import ExportLog
from app.services.retain_log import RetainLog
from app.services.seal_log import SealLog


def exporting_log(ground: Ground) -> ExportLog:
    """Streams the sealed log, for an auditor or for a verifier."""
    return ExportLog(ground.units, ground.operator_log)


def retaining_log(ground: Ground) -> RetainLog:
    """Drops old months, by the owner of the tables."""
    seal = SealLog(ground.units, NoteSigner(ground.keys.checkpoint), ground.clock)
    return RetainLog(SqlLogKeeper(ground.settings.database_url), seal, ground.operator_log)
