"""The gateway: an authorised look-up, passed on to the Health Data Center and put on record."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from app.core.access.claims import CustomerGrant
from app.core.audit.event import Kind
from app.services.context import Caller
from app.services.errors import CustomerNotGranted
from app.services.ports import StorageUnavailable, Units
from app.services.record_denial import RecordDenial
from app.services.record_ports import HealthDataCenter, HealthDataCenterUnavailable, RecordsReply
from app.services.scribe import Scribe

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Result:
    """The one result event of a look-up: the first ending that comes is the one that is written."""

    write: Callable[[str, int | None, str | None], Coroutine[None, None, None]]
    status: int | None = None
    written: bool = False

    async def put(self, outcome: str, reason: str | None = None) -> None:
        """Writes the event, unless one is written."""
        if self.written:
            return
        self.written = True
        # A client that leaves ends the request, but not what is to be on record.
        await asyncio.shield(asyncio.ensure_future(self.write(outcome, self.status, reason)))


@dataclass(frozen=True, slots=True)
class LookUpRecords:
    """The intent is committed before the HDC is asked; if that fails, nothing is asked and nothing is given.

    The result follows the last byte: `ok` or `refused` (by the HDC); `error` with the reason, where the
    answer did not come or broke off; `aborted`, where the client left before its end.
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

        Raises `CustomerNotGranted`, `HealthDataCenterUnavailable` (so does the body), `StorageUnavailable`.
        """
        grant = await self._granted(customer_id, domain, caller)
        await self._log(Kind.RECORDS_REQUEST, "permit", grant, domain, caller)
        result = _Result(partial(self._log_result, grant, domain, caller))
        try:
            async with self.health_data_center.records(
                customer_id, domain, query, token, caller.origin.request_id
            ) as reply:
                result.status = reply.status
                yield replace(reply, body=_followed(reply, result))
        except HealthDataCenterUnavailable as failed:
            await result.put("error", failed.reason)
            raise
        finally:
            await result.put("aborted")

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

    async def _log_result(
        self,
        grant: CustomerGrant,
        domain: str,
        caller: Caller,
        outcome: str,
        status: int | None,
        reason: str | None,
    ) -> None:
        """The answer is given by now and the intent on record: a failure here is for the operator."""
        try:
            await self._log(Kind.RECORDS_RESULT, outcome, grant, domain, caller, status=status, reason=reason)
        except StorageUnavailable:
            _logger.error(
                "the result %s of look-up %s is not in the access log", outcome, caller.origin.request_id
            )

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


async def _followed(reply: RecordsReply, result: _Result) -> AsyncIterator[bytes]:
    """The body. Its result is on record before its end is told, so that whoever has it all finds that too."""
    try:
        async for chunk in reply.body:
            yield chunk
    except HealthDataCenterUnavailable as failed:
        await result.put("error", failed.reason)
        raise
    await result.put("ok" if reply.status < 400 else "refused")
