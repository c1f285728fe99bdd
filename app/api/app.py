"""The ASGI application, of services that are given."""

from importlib.metadata import version

from fastapi import FastAPI
from starlette.types import Lifespan

from app.api import errors, openapi
from app.api.direct_route import Shortcut
from app.api.middleware import RequestContext
from app.api.reference_page import reference_page
from app.api.routes import (
    alerts,
    audit,
    bulk,
    changes,
    clients,
    consents,
    emergencies,
    erasure,
    health,
    imports,
    index,
    match,
    oauth,
    policy,
    quality,
    records,
    reports,
    stewardship,
)

DESCRIPTION = """One identity for each customer, and who may see their records.

Fetch a token at `/oauth2/token`, send the five identity elements to `/v1/match`, and read the records that
the answer's customer-bound token opens. Errors are RFC 9457 problem details with a stable `code`.
"""


def build_app(lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """Routes, errors and middleware; `lifespan` puts the services into `app.state.services`."""
    app = FastAPI(
        title="Customer Data Center",
        version=version("customer-data-center"),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Asking on every request whether somebody traces costs more than reading its headers.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    # The framework tries one after the other: what is asked most stands first.
    for routes in (
        match,
        oauth,
        records,
        index,
        bulk,
        imports,
        stewardship,
        changes,
        quality,
        erasure,
        reports,
        clients,
        consents,
        policy,
        audit,
        alerts,
        emergencies,
        health,
    ):
        app.include_router(routes.router)
    app.include_router(reference_page("Customer Data Center"))
    errors.install(app)
    direct = (*match.router.routes, *oauth.router.routes)
    app.add_middleware(Shortcut, routes=direct, handlers=app.exception_handlers)
    app.add_middleware(RequestContext)
    openapi.install(app)
    return app
