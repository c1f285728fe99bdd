"""The filters of the access log, as query parameters."""

from typing import Annotated

from fastapi import Depends, Query

from app.api.schemas.moment import Moment
from app.core.access.scope import Domain
from app.core.audit.event import EventFilter, Kind

_CODE = r"^[A-Za-z0-9_.:-]{1,64}$"


async def _event_filter(
    customer_id: Annotated[str | None, Query(max_length=64, description="Of this customer.")] = None,
    client_id: Annotated[
        str | None, Query(max_length=64, description="Of requests made for this client.")
    ] = None,
    kind: Annotated[Kind | None, Query(description="Of this kind.")] = None,
    outcome: Annotated[
        str | None, Query(max_length=64, description="With this outcome: the kind's own word.")
    ] = None,
    purpose: Annotated[str | None, Query(max_length=64, description="For this purpose of use.")] = None,
    domain: Annotated[Domain | None, Query(description="With this domain among the event's.")] = None,
    reason: Annotated[
        str | None, Query(pattern=_CODE, description="With this code among the event's reasons.")
    ] = None,
    since: Annotated[Moment | None, Query(alias="from", description="Inclusive, RFC 3339.")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="Exclusive, RFC 3339.")] = None,
) -> EventFilter:
    """Filters combine."""
    return EventFilter(customer_id, client_id, kind, outcome, since, until, purpose, domain, reason)


Which = Annotated[EventFilter, Depends(_event_filter)]
