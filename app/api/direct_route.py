"""Routes that are asked more than all others: their declarations are read once, not for each request.

The framework finds out for every request what a route depends on, which takes longer than a look-up in the
database. Only where it has something to find out it is asked; the contract is written once, as everywhere.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_type_hints

from fastapi import Request, Response
from fastapi._compat import ModelField
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from app.api.deps import ClientCaller, GuardedRoute

_JSON = frozenset({"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"})


class RequestRoute(APIRoute):
    """Hands the request to an endpoint that takes nothing else and answers with a response; any other
    endpoint is the framework's."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request of the route's method."""
        if self._takes_request_alone and scope["method"] in (self.methods or ()):
            response: Response = await self.endpoint(Request(scope, receive, send))
            await response(scope, receive, send)
        else:
            await super().handle(scope, receive, send)

    @cached_property
    def _takes_request_alone(self) -> bool:
        return list(get_type_hints(self.endpoint).items()) == [("request", Request), ("return", Response)]


class DirectRoute(GuardedRoute):
    """For a guard, a JSON body and query parameters with defaults: who calls, what they send, the endpoint
    and its answer, one after the other. A request with a query or of another media type goes the usual way.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **declared: Any) -> None:
        super().__init__(path, endpoint, **declared)
        self._plain = _Plain.of(self)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers; the framework does where it has something to find out."""
        request = Request(scope, receive, send)
        if _is_plain(request):
            response = await self._plain(request)
            await response(scope, receive, send)
        else:
            await super().handle(scope, receive, send)


def _is_plain(request: Request) -> bool:
    no_query = request.method == "POST" and not request.scope["query_string"]
    return no_query and request.headers.get("content-type") in _JSON


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
