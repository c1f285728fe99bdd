"""The first page: what happens, and whether the log is whole."""

from starlette.responses import Response

from app.console.visit import Visit
from app.services.errors import NotFound


async def show(visit: Visit) -> Response:
    """Figures alone; nothing of it is about a person."""
    try:
        head = await visit.services.read_checkpoint()
    except NotFound:
        head = None
    return visit.show("overview.html", here="overview", head=head)
