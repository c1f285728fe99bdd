"""What routes depend on: the services, who calls, and from where.

All are `async`, though few of them wait: FastAPI sends a plain function to a thread, which costs more
than a query.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute

from app.api.container import Services
from app.core.access.scope import Scope
from app.services.context import Caller, Origin

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_ADMITTED = "admitted"
"""Where a request keeps its caller, who was asked for before the body was read."""


async def services(request: Request) -> Services:
    """The services that bootstrap built for this process."""
    return services_of(request)


def services_of(request: Request) -> Services:
    """The same, for dependencies: FastAPI takes longer to see that one needs another than this takes."""
    wired: Services = request.app.state.services
    return wired


def origin_of(request: Request) -> Origin:
    """Network address, X-Request-ID and trace id; the request-id middleware has made sure there is one."""
    found: Origin = request.state.origin
    return found


ServicesDep = Annotated[Services, Depends(services)]


def bearer(request: Request) -> str | None:
    """The bearer token of the Authorization header (RFC 6750 §2.1), or None."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


@dataclass(frozen=True, slots=True)
class ClientCaller:
    """A dependency: the caller, by a client token that holds one of `scopes`. The OpenAPI document names
    them, too."""

    scopes: tuple[Scope, ...]

    async def __call__(self, request: Request) -> Caller:
        """Raises `NotAuthenticated`, `InsufficientScope`."""
        admitted: Caller | None = getattr(request.state, _ADMITTED, None)
        if admitted is not None:
            return admitted
        wired, where = services_of(request), origin_of(request)
        return await wired.authenticate_caller(bearer(request), where, wired.client_audience, *self.scopes)


def caller_with(*any_of: Scope) -> ClientCaller:
    """The dependency of a route that needs one of these scopes."""
    return ClientCaller(any_of)


class GuardedRoute(APIRoute):
    """A route that asks who calls before it reads what they send.

    The framework would read the body first: whoever has no token would be told of their JSON, and nobody
    would hear that they tried.
    """

    def get_route_handler(self) -> Handler:
        """The framework's handler, behind the guard where there is a body to read."""
        handle = super().get_route_handler()
        guards = [d.call for d in self.dependant.dependencies if isinstance(d.call, ClientCaller)]
        if self.body_field is None or not guards:
            return handle
        (guard,) = guards

        async def guarded(request: Request) -> Response:
            setattr(request.state, _ADMITTED, await guard(request))
            return await handle(request)

        return guarded


async def bound_caller(request: Request) -> Caller:
    """A dependency: the caller, by a customer-bound token. Raises `NotAuthenticated`."""
    wired, where = services_of(request), origin_of(request)
    return await wired.authenticate_caller(bearer(request), where, wired.records_audience)
