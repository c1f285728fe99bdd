"""Whole files over HTTP."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.schemas.bulk import ImportOut
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.services.context import Caller
from app.services.encodings import ENCODINGS
from app.services.errors import InvalidRequest
from app.services.import_job import ImportJob
from app.services.read_row import MAX_ID, identifier_rule, is_identifier
from app.services.source_rows import Form

router = APIRouter(tags=["index"], route_class=GuardedRoute)

Registrar = Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_REGISTER))]
ImportId = Annotated[UUID, Path(description="Of the import.")]
NDJSON = "application/x-ndjson"
_LOCATION = {"Location": {"description": "Of the import.", "schema": {"type": "string"}}}
_BODY = {
    "requestBody": {
        "required": True,
        "description": "NDJSON, or CSV with a header; plain or gzip.",
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}} for media in (NDJSON, "text/csv")
        },
    }
}


@router.post(
    "/v1/imports",
    operation_id="create_import",
    summary="Upload a file of source records",
    status_code=202,
    responses={202: {"headers": _LOCATION}, **problems(400, 401, 403, 409, 422, 503)},
    openapi_extra=_BODY,
)
async def create_import(
    request: Request,
    response: Response,
    services: ServicesDep,
    caller: Registrar,
    source_system: Annotated[
        str | None, Query(max_length=MAX_ID, description="For rows that name none of their own.")
    ] = None,
    encoding: Annotated[
        str, Query(max_length=32, description=f"auto, or one of {', '.join(ENCODINGS)}.")
    ] = "auto",
) -> ImportOut:
    """The rows are registered in the background; `Location` tells how far it has come."""
    if source_system is not None and not is_identifier(source_system):
        raise InvalidRequest("source_system", identifier_rule())
    form: Form = "csv" if "csv" in request.headers.get("content-type", "") else "ndjson"
    job = await services.upload_import(request.stream(), form, encoding, source_system, caller)
    services.run_imports.wake.set()
    response.headers["Location"] = f"/v1/imports/{job.import_id}"
    return _out(job)


@router.get(
    "/v1/imports/{import_id}",
    operation_id="read_import",
    summary="How far an import has come",
    responses=problems(401, 403, 404, 422, 503),
)
async def read_import(import_id: ImportId, services: ServicesDep, caller: Registrar) -> ImportOut:
    """A client sees its own imports alone."""
    return _out(await services.follow_import.job(import_id, caller))


@router.get(
    "/v1/imports/{import_id}/results",
    operation_id="read_import_results",
    summary="What became of each row",
    response_class=StreamingResponse,
    responses={200: {"content": {NDJSON: {}}}, **problems(401, 403, 404, 410, 422, 503)},
)
async def read_import_results(
    import_id: ImportId, services: ServicesDep, caller: Registrar
) -> StreamingResponse:
    """NDJSON in the order of the file, as far as the import has come: a row's customer ID, or its faults.
    A row whose customer was erased since is `erased`. Some time after the import's end the answer is 410."""
    job = await services.follow_import.with_results(import_id, caller)
    return StreamingResponse(_lines(services.follow_import.results(job)), media_type=NDJSON)


@router.post(
    "/v1/imports/{import_id}/cancel",
    operation_id="cancel_import",
    summary="End an import early",
    responses=problems(401, 403, 404, 409, 422, 503),
)
async def cancel_import(import_id: ImportId, services: ServicesDep, caller: Registrar) -> ImportOut:
    """What is registered stays; the rest of the file is deleted."""
    return _out(await services.follow_import.cancel(import_id, caller))


async def _lines(parts: AsyncIterator[list[dict[str, Any]]]) -> AsyncIterator[bytes]:
    async for part in parts:
        yield b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in part)


def _out(job: ImportJob) -> ImportOut:
    return ImportOut(
        import_id=job.import_id,
        status=job.status.value,
        source_system=job.source_system,
        created_at=job.created_at,
        updated_at=job.updated_at,
        rows=job.rows,
        done=job.rows_done,
        outcomes=dict(job.outcomes),
        error=job.error,
    )
