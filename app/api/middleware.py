"""What every request passes: its origin, a request id, and a bound on the body."""

import logging
import re
import traceback
from functools import lru_cache
from ipaddress import ip_address
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import MAX_BODIES, MAX_BODY, BodyTooLarge, body_too_large, problem
from app.api.metrics import observe
from app.services.context import Origin

_logger = logging.getLogger(__name__)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class RequestContext:
    """Notes where a request came from, echoes its X-Request-ID, and refuses a body over 64 KiB
    (a route for many at once takes more).

    Where the code fails, the answer is 500 without a reason. No answer is for caches, unless it says so.

    Pure ASGI, since Starlette's BaseHTTPMiddleware costs a task and a stream per request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        where = _origin(scope, headers)
        scope.setdefault("state", {})["origin"] = where
        began = perf_counter()
        status: int | None = None

        async def respond(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                out = MutableHeaders(scope=message)
                out["X-Request-ID"] = where.request_id or ""
                out["X-Content-Type-Options"] = "nosniff"
                out.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._bounded(scope, receive, respond, headers)
        except Exception as error:
            _logger.error("%s in request %s at %s", type(error).__name__, where.request_id, _place(error))
            if status is not None:
                # What has begun cannot be taken back: the server closes the connection without an end.
                return
            await problem(500, "internal_error", "Internal error")(scope, receive, respond)
        finally:
            observe(scope, status or 500, perf_counter() - began)

    async def _bounded(self, scope: Scope, receive: Receive, respond: Send, headers: Headers) -> None:
        """Refuses by the announced length, and counts what a chunked body brings."""
        most = MAX_BODIES.get(scope["path"], MAX_BODY)
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > most:
            await body_too_large(most)(scope, receive, respond)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise BodyTooLarge(most)
            return message

        await self.app(scope, counted, respond)


def _place(error: Exception) -> str:
    """Where, without the message: that may quote a value."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))


def _origin(scope: Scope, headers: Headers) -> Origin:
    """A request id that is no plain token is replaced, so that it cannot forge a line in a log."""
    given = headers.get("x-request-id", "")
    trace = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    client = scope.get("client")
    return Origin(
        address=_address(client[0]) if client else None,
        request_id=given if _REQUEST_ID.fullmatch(given) else str(uuid4()),
        trace_id=trace[1] if trace else None,
    )


@lru_cache(1024)  # partners call from few addresses
def _address(host: str) -> str | None:
    """An IP address: behind a proxy it is what a header says, and that may be anything."""
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        return None
