"""The access log, for administrators and auditors."""

from base64 import b64encode
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.event_filter import Which
from app.api.event_stream import MEDIA_TYPES, ExportFormat, written
from app.api.schemas.audit import ConsistencyOut, EventOut, EventPageOut, InclusionOut
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.services.context import Caller

router = APIRouter(tags=["audit"], route_class=GuardedRoute)

Auditor = Annotated[Caller, Depends(caller_with(Scope.AUDIT_READ))]
Size = Annotated[
    int | None, Query(ge=1, lt=2**63, description="Leaves of the tree; by default the newest checkpoint's.")
]


@router.get(
    "/v1/audit/events",
    operation_id="list_audit_events",
    summary="Events of the access log, newest first",
    responses=problems(401, 403, 422, 503),
)
async def list_audit_events(
    services: ServicesDep,
    caller: Auditor,
    which: Which,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Events a page.")] = 100,
) -> EventPageOut:
    """Filters combine. Reading the log is an event of its own."""
    page = await services.read_audit_events(which, cursor, limit, caller)
    items = [EventOut.of(event) for event in page.items]
    return EventPageOut(items=items, next=str(page.next) if page.next else None)


@router.get(
    "/v1/audit/export",
    operation_id="export_audit_events",
    summary="All events that a filter finds, as a stream, newest first",
    response_class=Response,
    responses={
        **problems(401, 403, 422, 503),
        200: {
            "description": "One event a line. A stream that breaks off is not complete.",
            "content": {
                "application/x-ndjson": {"schema": {"type": "string"}},
                "text/csv": {"schema": {"type": "string"}},
            },
        },
    },
)
async def export_audit_events(
    services: ServicesDep,
    caller: Auditor,
    which: Which,
    form: Annotated[ExportFormat, Query(alias="format", description="Of the lines.")] = ExportFormat.NDJSON,
) -> Response:
    """Filters combine. The export is an event of its own, written before the first line leaves."""
    events = await services.stream_audit_events(which, caller)
    name = f'attachment; filename="access-log.{form}"'
    return StreamingResponse(
        written(events, form), media_type=MEDIA_TYPES[form], headers={"Content-Disposition": name}
    )


@router.get(
    "/v1/audit/checkpoint",
    operation_id="read_checkpoint",
    summary="The newest signed head of the access log",
    response_class=PlainTextResponse,
    responses=problems(401, 403, 404, 503),
)
async def read_checkpoint(services: ServicesDep, caller: Auditor) -> PlainTextResponse:  # noqa: ARG001
    """A C2SP checkpoint: the log's name, its size, its Merkle root, and an Ed25519 signature of them."""
    return PlainTextResponse((await services.read_checkpoint()).note)


@router.get(
    "/v1/audit/proofs/inclusion",
    operation_id="prove_inclusion",
    summary="Proof that an event is in the log",
    responses=problems(401, 403, 404, 422, 503),
)
async def prove_inclusion(
    services: ServicesDep,
    caller: Auditor,
    event_id: Annotated[UUID, Query(description="The event.")],
    size: Size = None,
) -> InclusionOut:
    """RFC 6962 section 2.1.1, in the tree of `size` leaves: by default that of the newest checkpoint."""
    proof = await services.prove_inclusion(event_id, size, caller)
    return InclusionOut(
        leaf_index=proof.index,
        tree_size=proof.size,
        hashes=_base64(proof.hashes),
        leaf=proof.leaf.decode(),
    )


@router.get(
    "/v1/audit/proofs/consistency",
    operation_id="prove_consistency",
    summary="Proof that the log of then is the beginning of the log of now",
    responses=problems(401, 403, 422, 503),
)
async def prove_consistency(
    services: ServicesDep,
    caller: Auditor,  # noqa: ARG001
    old: Annotated[int, Query(alias="from", ge=1, lt=2**63, description="Leaves of the older tree.")],
    new: Annotated[
        int | None,
        Query(alias="to", ge=1, lt=2**63, description="Leaves of the newer tree; by default the newest."),
    ] = None,
) -> ConsistencyOut:
    """RFC 6962 section 2.1.2, between two sizes that checkpoints have signed."""
    proof = await services.prove_consistency(old, new)
    return ConsistencyOut.model_validate(
        {"from": proof.old, "to": proof.new, "hashes": _base64(proof.hashes)}
    )


def _base64(hashes: tuple[bytes, ...]) -> list[str]:
    return [b64encode(hash_).decode() for hash_ in hashes]
