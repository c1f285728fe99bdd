"""Liveness and readiness. Readiness needs the center's own database, not the CDC."""

from fastapi import APIRouter

from app.health_data_center.api.contract import problems
from app.health_data_center.api.deps import CenterDep
from app.health_data_center.api.schemas import StatusOut

router = APIRouter(tags=["operations"])


@router.get("/healthz", operation_id="healthz", summary="Whether the process answers")
async def healthz() -> StatusOut:
    """Always ok: whoever reads this was answered."""
    return StatusOut(status="ok")


@router.get(
    "/readyz", operation_id="readyz", summary="Whether requests can be served", responses=problems(503)
)
async def readyz(center: CenterDep) -> StatusOut:
    """Asks the database for its schema."""
    await center.database.ping()
    return StatusOut(status="ok")
