"""The quality of a source system's records."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.schemas.bulk import FieldQualityOut, QualityOut
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.services.context import Caller
from app.services.read_quality import rows
from app.services.read_row import MAX_ID

router = APIRouter(tags=["index"], route_class=GuardedRoute)


@router.get(
    "/v1/sources/{source_system}/quality",
    operation_id="read_quality",
    summary="How good a source system's records are",
    responses=problems(401, 403, 404, 422, 503),
)
async def read_quality(
    source_system: Annotated[
        str, Path(max_length=MAX_ID, description="A system that registers people.", examples=["medical"])
    ],
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_READ))],
) -> QualityOut:
    """Shares of missing, invalid and contradictory values, worked out from all of its records."""
    quality = await services.read_quality(source_system, caller)
    return QualityOut(
        source_system=quality.source_system,
        records=quality.records,
        duplicates=quality.duplicates,
        fields={field: FieldQualityOut.model_validate(shares) for field, shares in rows(quality).items()},
    )
