"""The console as an ASGI application, to be mounted at `/console`."""

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.types import Message, Receive, Scope, Send

from app.console.container import ConsoleServices
from app.console.headers import HEADERS
from app.console.local_path import HOME
from app.console.navigation import ROUTES
from app.console.visit import Visit


class Console:
    """Pages for people. `services` is set when the server starts, before the first request."""

    services: ConsoleServices

    def __init__(self) -> None:
        self._router = Router(ROUTES, redirect_slashes=False, default=_unknown)

    def mount(self, app: Starlette) -> None:
        """Makes the console answer under `/console`."""
        app.routes.append(Route("/console", _home, include_in_schema=False))
        app.routes.append(Mount("/console", self, name="console"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["console"] = self.services

        async def respond(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._router(scope, receive, respond)


async def _home(_: Request) -> Response:
    return RedirectResponse(HOME, 303)


async def _unknown(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    page = Visit(request, request.state.console).show("error.html", 404, code="not_found")
    await page(scope, receive, send)
