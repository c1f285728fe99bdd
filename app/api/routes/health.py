"""Operations: is it alive, and can it answer?"""

from fastapi import APIRouter, Response

from app.api.deps import ServicesDep
from app.api.metrics import rendered
from app.api.schemas.problem import problems

router = APIRouter(tags=["operations"])


@router.get("/healthz", operation_id="healthz", summary="The process is alive")
async def healthz() -> dict[str, str]:
    """Asks nothing of anything else."""
    return {"status": "ok"}


@router.get("/readyz", operation_id="readyz", summary="The service can answer", responses=problems(503))
async def readyz(services: ServicesDep) -> dict[str, str]:
    """The database answers; the Health Data Center is not needed for it."""
    await services.erasures.keep.ready()
    return {"status": "ready"}


@router.get("/metrics", operation_id="metrics", summary="Prometheus text format", response_class=Response)
async def metrics() -> Response:
    """Counts and latencies of all workers."""
    return Response(rendered(), media_type="text/plain; version=0.0.4")
