"""The use cases of the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.crypto.passwords import Argon2Passwords
from app.adapters.db.log_keeper import SqlLogKeeper
from app.api.access_reports import AccessReports
from app.bootstrap.access import explaining
from app.bootstrap.erasures import reapplying
from app.bootstrap.ground import Ground, open_ground
from app.bootstrap.index import importing, managing_clients, reading_quality, stewarding
from app.bootstrap.reports import reporting_access
from app.services.check_index import CheckIndex
from app.services.explain_decision import ExplainDecision
from app.services.export_cross_references import ExportCrossReferences
from app.services.export_labels import ExportLabels
from app.services.export_log import ExportLog
from app.services.import_source_records import ImportSourceRecords
from app.services.learn_frequencies import LearnFrequencies
from app.services.manage_accounts import ManageAccounts
from app.services.manage_clients import ManageClients
from app.services.read_quality import ReadQuality
from app.services.reapply_erasures import ReapplyErasures
from app.services.record_key_rotation import RecordKeyRotation
from app.services.reindex_records import ReindexRecords
from app.services.reseal_rows import ResealRows
from app.services.retain_log import RetainLog
from app.services.rewrap_keys import RewrapKeys
from app.services.seal_log import SealLog
from app.services.verified_tokens import VerifiedTokens
from app.settings import Settings


@dataclass(frozen=True, slots=True, repr=False)
class OperatorServices:
    """The use cases of the command line."""

    import_source_records: ImportSourceRecords
    read_quality: ReadQuality
    export_cross_references: ExportCrossReferences
    export_labels: ExportLabels
    check_index: CheckIndex
    manage_clients: ManageClients
    explain_decision: ExplainDecision
    manage_accounts: ManageAccounts
    export_log: ExportLog
    retain_log: RetainLog
    learn_frequencies: LearnFrequencies
    reapply_erasures: ReapplyErasures
    access_reports: AccessReports
    record_key_rotation: RecordKeyRotation
    reindex_records: ReindexRecords
    rewrap_keys: RewrapKeys
    reseal_rows: ResealRows


@asynccontextmanager
async def operator_services(settings: Settings) -> AsyncIterator[OperatorServices]:
    """The use cases of the command line, for as long as a command runs."""
    async with open_ground(settings) as ground:
        log = ground.operator_log
        yield OperatorServices(
            import_source_records=importing(ground),
            read_quality=reading_quality(ground),
            export_cross_references=ExportCrossReferences(ground.units, log),
            export_labels=ExportLabels(ground.units, log),
            check_index=CheckIndex(ground.units, log),
            manage_clients=managing_clients(ground, VerifiedTokens()),
            explain_decision=explaining(ground),
            manage_accounts=ManageAccounts(ground.units, Argon2Passwords(), log),
            export_log=ExportLog(ground.units, log),
            retain_log=_retaining(ground),
            record_key_rotation=RecordKeyRotation(log),
            reindex_records=ReindexRecords(ground.units, ground.resolver.understand),
            rewrap_keys=RewrapKeys(ground.units),
            reseal_rows=ResealRows(ground.units),
            learn_frequencies=LearnFrequencies(ground.units, ground.resolver, log),
            access_reports=reporting_access(ground),
            reapply_erasures=reapplying(ground, stewarding(ground, VerifiedTokens())),
        )


def _retaining(ground: Ground) -> RetainLog:
    seal = SealLog(ground.units, NoteSigner(ground.keys.checkpoint), ground.clock)
    return RetainLog(SqlLogKeeper(ground.settings.database_url), seal, ground.operator_log)
