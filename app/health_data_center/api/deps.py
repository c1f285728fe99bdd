"""What routes depend on.

All are `async`, though none waits: FastAPI sends a plain function to a thread, which costs more than a query.
"""

from typing import Annotated

from fastapi import Depends, Request

from app.health_data_center.center import Center
from app.health_data_center.origin import Origin


async def _center(request: Request) -> Center:
    center: Center = request.app.state.center
    return center


async def _origin(request: Request) -> Origin:
    origin: Origin = request.state.origin
    return origin


async def _token(request: Request) -> str | None:
    """RFC 6750 §2.1."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


CenterDep = Annotated[Center, Depends(_center)]
OriginDep = Annotated[Origin, Depends(_origin)]
TokenDep = Annotated[str | None, Depends(_token)]
