"""The gateway to the Health Data Center."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse

from app.api.deps import ServicesDep, bearer, bound_caller
from app.api.schemas.moment import Moment
from app.api.schemas.problem import problems
from app.api.schemas.records import RecordPageOut
from app.core.access.scope import Domain
from app.services.context import Caller
from app.services.record_ports import RecordsReply

router = APIRouter(tags=["records"])

LARGEST_PAGE = 200
"""As many as the Health Data Center gives at once."""


async def reply(
    customer_id: Annotated[str, Path(description="A master customer ID.", examples=["CM6SC7N75YR3HGA9TO"])],
    domain: Annotated[Domain, Path(description="The domain of the records.")],
    request: Request,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(bound_caller)],
    kind: Annotated[str | None, Query(max_length=64, description="Only records of this kind.")] = None,
    since: Annotated[Moment | None, Query(alias="from", description="RFC 3339, inclusive.")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="RFC 3339, exclusive.")] = None,
    limit: Annotated[int | None, Query(ge=1, le=LARGEST_PAGE, description="Records a page.")] = None,
    cursor: Annotated[
        str | None, Query(max_length=512, description="The `next` of an earlier answer.")
    ] = None,
) -> AsyncIterator[RecordsReply]:
    """The Health Data Center's answer, held open until the response has been sent."""
    between = {"from": since and since.isoformat(), "to": until and until.isoformat()}
    asked = {"kind": kind, **between, "limit": limit, "cursor": cursor}
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
        200: {"description": "The Health Data Center's page of records.", "model": RecordPageOut},
        **problems(400, 401, 403, 404, 422, 503),
    },
)
async def look_up_records(answer: Annotated[RecordsReply, Depends(reply)]) -> StreamingResponse:
    """Streamed from the Health Data Center, which checks the token again; the attempt is in the log."""
    headers = {"Cache-Control": "no-store"}
    return StreamingResponse(answer.body, answer.status, headers, media_type=answer.content_type)
