"""The gateway to the Health Data Center."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from app.api.deps import ServicesDep, bearer, bound_caller
from app.api.schemas.problem import problems
from app.core.access.scope import Domain
from app.services.context import Caller
from app.services.ports import RecordsReply

router = APIRouter(tags=["records"])


async def reply(
    customer_id: str,
    domain: Domain,
    request: Request,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(bound_caller)],
    kind: Annotated[str | None, Query(max_length=64)] = None,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
    limit: Annotated[int | None, Query(ge=1, le=1000)] = None,
    cursor: Annotated[str | None, Query(max_length=512)] = None,
) -> AsyncIterator[RecordsReply]:
    """The Health Data Center's answer, held open until the response has been sent."""
    asked = {"kind": kind, "from": since, "to": until, "limit": limit, "cursor": cursor}
    query = {name: str(value) for name, value in asked.items() if value is not None}
    lookup = services.look_up_records(customer_id, domain, query, bearer(request) or "", caller)
    async with lookup as answer:
        yield answer


@router.get(
    "/v1/customers/{customer_id}/records/{domain}",
    operation_id="look_up_records",
    summary="A customer's records of one domain, by a customer-bound token",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The Health Data Center's page of records",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        **problems(400, 401, 403, 404, 422, 503),
    },
)
async def look_up_records(answer: Annotated[RecordsReply, Depends(reply)]) -> StreamingResponse:
    """Streamed from the Health Data Center, which checks the token again; the attempt is in the log."""
    headers = {"Cache-Control": "no-store"}
    return StreamingResponse(answer.body, answer.status, headers, media_type=answer.content_type)
