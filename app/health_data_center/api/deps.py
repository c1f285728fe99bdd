"""What routes depend on."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from app.health_data_center.center import Center
from app.health_data_center.origin import Origin

BEARER = HTTPBearer(auto_error=False, bearerFormat="JWT", description="An access token of the CDC.")
"""Declares the scheme in the OpenAPI document; the center reads the header itself."""


def _center(request: Request) -> Center:
    center: Center = request.app.state.center
    return center


def _origin(request: Request) -> Origin:
    origin: Origin = request.state.origin
    return origin


def _token(request: Request) -> str | None:
    """RFC 6750 §2.1."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


CenterDep = Annotated[Center, Depends(_center)]
OriginDep = Annotated[Origin, Depends(_origin)]
TokenDep = Annotated[str | None, Depends(_token)]
