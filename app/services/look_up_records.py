"""The gateway: an authorised look-up, passed on to the Health Data Center and put on record."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from app.core.access.claims import CustomerGrant
from app.core.audit.event import Kind
from app.services.context import Caller
from app.services.errors import CustomerNotGranted
from app.services.ports import HealthDataCenter, HealthDataCenterUnavailable, RecordsReply, Units
from app.services.record_denial import RecordDenial
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class LookUpRecords:
    """The intent is committed before the HDC is asked, the result after it has answered.

    If the log cannot be written, nothing is asked and nothing is given.
    """

    units: Units
    health_data_center: HealthDataCenter
    deny: RecordDenial
    scribe: Scribe

    @asynccontextmanager
    async def __call__(
        self, customer_id: str, domain: str, query: Mapping[str, str], token: str, caller: Caller
    ) -> AsyncIterator[RecordsReply]:
        """The HDC's answer as a stream; `query` are the filters, as asked.

        Raises `CustomerNotGranted`, `HealthDataCenterUnavailable`, `StorageUnavailable`.
        """
        grant = await self._granted(customer_id, domain, caller)
        await self._log(Kind.RECORDS_REQUEST, "permit", grant, domain, caller)
        try:
            async with self.health_data_center.records(
                customer_id, domain, query, token, caller.origin.request_id
            ) as reply:
                outcome = "ok" if reply.status < 400 else "refused"
                await self._log(Kind.RECORDS_RESULT, outcome, grant, domain, caller, status=reply.status)
                yield reply
        except HealthDataCenterUnavailable as failed:
            await self._log(Kind.RECORDS_RESULT, "error", grant, domain, caller, reason=failed.reason)
            raise

    async def _granted(self, customer_id: str, domain: str, caller: Caller) -> CustomerGrant:
        grant = caller.claims.grant
        if grant is not None and grant.customer_id == customer_id and domain in grant.domains:
            return grant
        await self.deny(
            caller,
            "not_granted",
            kind=Kind.RECORDS_REQUEST,
            customer_id=grant.customer_id if grant else None,
            domains=(domain,),
        )
        raise CustomerNotGranted

    async def _log(
        self,
        kind: Kind,
        outcome: str,
        grant: CustomerGrant,
        domain: str,
        caller: Caller,
        *,
        status: int | None = None,
        reason: str | None = None,
    ) -> None:
        event = replace(
            self.scribe(caller, kind, outcome),
            customer_id=grant.customer_id,
            domains=(domain,),
            purpose=grant.purpose,
            reasons=(reason,) if reason else (),
            detail={"status": status} if status else {},
        )
        async with self.units() as unit:
            unit.events.append(event)
            await unit.commit()
