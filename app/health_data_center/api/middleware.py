"""What every request passes: an origin with a request id, and an answer even where the code fails."""

import logging
import re
import traceback
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.health_data_center.identifiers import uuid7
from app.health_data_center.origin import Origin
from app.health_data_center.problems import Problem

logger = logging.getLogger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)


class RequestContext:
    """Pure ASGI: notes the origin, echoes X-Request-ID, and answers 500 without telling why."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on whatever is not HTTP."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        origin = _origin(scope)
        scope.setdefault("state", {})["origin"] = origin
        started = False

        async def respond(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = origin.request_id
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        try:
            await self.app(scope, receive, respond)
        except Exception as error:
            logger.error("%s in request %s at %s", type(error).__name__, origin.request_id, _place(error))
            if started:
                # What has begun cannot be taken back: the server closes the connection without an end.
                return
            failed = Problem(500, "internal_error", "Internal error")
            await failed.response()(scope, receive, respond)


def _origin(scope: Scope) -> Origin:
    """An id that is no plain token is replaced, so that it cannot forge a line in a log."""
    given = Headers(scope=scope).get("x-request-id", "")
    client = scope.get("client")
    address = _address(client[0]) if client else None
    return Origin(address, given if _REQUEST_ID.fullmatch(given) else uuid7())


def _address(host: str) -> str | None:
    """An IP address without its zone: behind a proxy it is what a header says, and that may be anything."""
    try:
        return str(ip_address(host)).partition("%")[0]
    except ValueError:
        return None


def _place(error: Exception) -> str:
    """Where, without the message: that may quote a value."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
