"""The factory that uvicorn calls; nothing is built at import."""

import contextlib
import os
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from importlib.metadata import version

import httpx
from fastapi import FastAPI
from starlette.types import Lifespan

from app.health_data_center import openapi, problems
from app.health_data_center.api.middleware import RequestContext
from app.health_data_center.api.reference_page import reference_page
from app.health_data_center.api.routes import health, lookups, records
from app.health_data_center.center import open_center, utc_now
from app.health_data_center.settings import Settings, load

DESCRIPTION = """Business records of medical, elder-care and funeral services, under master customer IDs.

Send the five identity elements to `/v1/lookups`, with a token that the Customer Data Center issued for this
center, or read records with the customer-bound token of a permitted match. Errors are RFC 9457 problem
details with a stable `code`.
"""


def create_app(
    settings: Settings | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    now: Callable[[], datetime] = utc_now,
) -> FastAPI:
    """The application. Without `settings` they are read from the environment. Raises `SettingsError`."""
    given = settings or load(os.environ)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_center(given, transport, now) as center:
            app.state.center = center
            yield

    return build_app(lifespan)


def build_app(lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """Routes, errors and middleware; `lifespan` puts the center into `app.state.center`."""
    app = FastAPI(
        title="Health Data Center",
        summary="Business records of medical, elder-care and funeral services under master customer IDs",
        description=DESCRIPTION,
        version=version("customer-data-center"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        # A redirect would name the Host that the caller sent, and another address is not found.
        redirect_slashes=False,
        # Asking on every request whether somebody traces costs more than reading its headers.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.add_middleware(RequestContext)
    problems.install(app)
    for router in (lookups.router, records.router, health.router):
        app.include_router(router)
    app.include_router(reference_page("Health Data Center"))
    openapi.install(app)
    return app
