"""Routes that are asked more than all others: their declarations are read once, not for each request.

The framework searches for the route of every request and finds out what it depends on, which takes longer
than a look-up in the database. Only where it has something to find out it is asked; the contract is written
once, as everywhere.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_type_hints

from fastapi import Request, Response
from fastapi._compat import ModelField
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, ExceptionHandler, Receive, Scope, Send

from app.api.deps import ClientCaller, GuardedRoute

_JSON = frozenset({"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"})


class RequestRoute(APIRoute):
    """An endpoint that takes the request, nothing else, and answers with a response; any other endpoint is
    the framework's."""

    def is_direct(self, scope: Scope) -> bool:
        """Whether nothing is left to find out about a request of this path."""
        return self._takes_request_alone and scope["method"] in (self.methods or ())

    async def answer(self, request: Request) -> Response:
        """What the endpoint says. Raises what it raises."""
        response: Response = await self.endpoint(request)
        return response

    @cached_property
    def _takes_request_alone(self) -> bool:
        return list(get_type_hints(self.endpoint).items()) == [("request", Request), ("return", Response)]


class DirectRoute(GuardedRoute):
    """For a guard, a JSON body and query parameters with defaults: who calls, what they send, the endpoint
    and its answer, one after the other. A request with a query or of another media type is the framework's.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **declared: Any) -> None:
        super().__init__(path, endpoint, **declared)
        self._plain = _Plain.of(self)

    def is_direct(self, scope: Scope) -> bool:
        """Whether nothing is left to find out about a request of this path."""
        if scope["method"] != "POST" or scope["query_string"]:
            return False
        return Headers(scope=scope).get("content-type") in _JSON

    async def answer(self, request: Request) -> Response:
        """What the endpoint says. Raises what the guard and the endpoint raise, and
        `RequestValidationError`."""
        return await self._plain(request)


class Shortcut:
    """Hands a request to its direct route, and any other to `app`, which searches for its route.

    Stands before the framework's search, so it has the handlers of exceptions of its own.
    """

    def __init__(
        self, app: ASGIApp, routes: Iterable[BaseRoute], handlers: Mapping[Any, ExceptionHandler]
    ) -> None:
        self.app = app
        direct = [route for route in routes if isinstance(route, RequestRoute | DirectRoute)]
        self._routes = {route.path: route for route in direct}
        self._answering = ExceptionMiddleware(self._answer, handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or lets the framework."""
        route = self._routes.get(scope["path"]) if scope["type"] == "http" else None
        if route is None or not route.is_direct(scope):
            await self.app(scope, receive, send)
        else:
            scope["route"] = route
            await self._answering(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await scope["route"].answer(Request(scope, receive, send))
        await response(scope, receive, send)


@dataclass(frozen=True, slots=True)
class _Plain:
    """A request without a query: the parts of the declaration that it meets, and the names of the endpoint's
    parameters."""

    route: DirectRoute
    guard: ClientCaller
    guard_name: str
    request_name: str
    body: ModelField
    answer: ModelField
    defaults: Mapping[str, object]

    @classmethod
    def of(cls, route: DirectRoute) -> "_Plain":
        """Raises `ValueError` where the declaration asks for more or less than this."""
        declared = route.dependant
        (guard,), (body,) = declared.dependencies, declared.body_params
        name, request, answer = guard.name, declared.request_param_name, route.response_field
        if name is None or request is None or answer is None or not isinstance(guard.call, ClientCaller):
            raise ValueError(f"{route.path} is no direct route")
        defaults = {field.name: field.get_default() for field in declared.query_params}
        return cls(route, guard.call, name, request, body, answer, defaults)

    async def __call__(self, request: Request) -> Response:
        """Raises what the guard and the endpoint raise, and `RequestValidationError`."""
        caller = await self.guard(request)
        given, wrong = self.body.validate(await _json(request), loc=("body",))
        if wrong:
            raise RequestValidationError(wrong)
        told = {self.guard_name: caller, self.request_name: request, self.body.name: given}
        out = await self.route.endpoint(**self.defaults, **told)
        content = self.answer.serialize_json(out, exclude_unset=self.route.response_model_exclude_unset)
        return Response(content, media_type="application/json")


async def _json(request: Request) -> object:
    """Raises `RequestValidationError` as the framework does."""
    body = await request.body()
    if not body:
        raise _wrong("missing", "Field required")
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        raise _wrong("json_invalid", "JSON decode error") from None
    return parsed


def _wrong(code: str, message: str) -> RequestValidationError:
    return RequestValidationError([{"type": code, "loc": ("body",), "msg": message, "input": None}])
