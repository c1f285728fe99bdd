"""The OpenAPI document: FastAPI's, completed by what it cannot know.

Who may call what is read from the routes' own dependencies, so that it cannot drift from what they demand.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter

from app.api.deps import ClientCaller, bound_caller
from app.api.examples import EXAMPLES
from app.api.schemas.oauth import FORMS
from app.api.schemas.problem import RESPONSES, ProblemOut, problems

TAGS = (
    ("match", "Who is this? Five identity elements in, a master customer ID and access to records out."),
    ("index", "Source systems register their people; local IDs lead to master customer IDs."),
    ("policy", "Who may see which records, in words; why a decision fell as it did."),
    ("consents", "What customers permit, forbid and withdraw; in effect at once."),
    ("stewardship", "Stewards settle who is who: merges, their undoing, splits, reviews."),
    ("changes", "What happened to customers, for whoever follows the index."),
    ("erasure", "The end of a customer: one client asks, another confirms."),
    ("records", "The gateway to the records of the Health Data Center."),
    ("oauth", "Tokens: RFC 6749, 7009, 7517, 7662, 8414, 8693, 8707, 9068 and 9396. Errors are OAuth's own."),
    ("clients", "Partner systems and administrators' tools."),
    ("audit", "The access log."),
    ("operations", "For probes and monitoring."),
)
SERVERS = (
    {"url": "/", "description": "The installation that serves this document"},
    {"url": "http://127.0.0.1:8000", "description": "What `make run` starts"},
)
SECURITY_SCHEMES = {
    "client_token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": (
            "An access token of a client, from `/oauth2/token`, alive for 15 minutes. The scope that an "
            "operation needs stands in its description and in `x-required-scopes`: of several, one is enough."
        ),
    },
    "customer_token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": (
            "The short-lived token of a permitted `/v1/match`, bound to the client, one customer, domains "
            "and a purpose. It opens these records and nothing else."
        ),
    },
    "client_basic": {
        "type": "http",
        "scheme": "basic",
        "description": (
            "client_id and client_secret, each form-encoded first (RFC 6749 section 2.3.1). Both may stand "
            "in the form instead."
        ),
    },
}
_CLIENT_AUTHENTICATION: list[dict[str, list[str]]] = [{"client_basic": []}, {}]
_METHODS = ("get", "put", "post", "delete", "patch")


def install(app: FastAPI) -> None:
    """Replaces the generator of `/openapi.json`."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _completed(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=[{"name": name, "description": description} for name, description in TAGS],
        servers=list(SERVERS),
        contact={"name": "The operators of this installation"},
        license_info={"name": "Apache License 2.0", "identifier": "Apache-2.0"},
    )
    _add_components(made["components"])
    routes = (context.original_route for context in iter_route_contexts(app.routes))
    guards = {route.operation_id: _guard(route) for route in routes if isinstance(route, APIRoute)}
    for operation in _operations(made):
        _secure(operation, guards[operation["operationId"]])
        _leave_references_bare(operation["responses"])
        _add_examples(operation, EXAMPLES.get(operation["operationId"], {}))
    return made


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from (item[method] for method in _METHODS if method in item)


def _add_components(components: dict[str, Any]) -> None:
    adapters: list[tuple[Any, Literal["validation"], TypeAdapter[Any]]] = [
        (model, "validation", TypeAdapter(model)) for model in (ProblemOut, *FORMS)
    ]
    _, found = TypeAdapter.json_schemas(adapters, ref_template="#/components/schemas/{model}")
    schemas = {**components["schemas"], **found["$defs"]}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["schemas"] = dict(sorted(schemas.items()))
    components["responses"] = dict(RESPONSES.values())
    components["securitySchemes"] = SECURITY_SCHEMES


def _guard(route: APIRoute) -> Any:
    """The dependency that authenticates the caller; None where the route is open or reads OAuth's form."""
    return next(
        (c for c in _calls(route.dependant) if isinstance(c, ClientCaller) or c is bound_caller), None
    )


def _secure(operation: dict[str, Any], guard: Any) -> None:
    if isinstance(guard, ClientCaller):
        operation["security"] = [{"client_token": []}]
        operation["x-required-scopes"] = [scope.value for scope in guard.scopes]
        operation["description"] += f"\n\nNeeds the scope {' or '.join(f'`{s}`' for s in guard.scopes)}."
        operation["responses"]["429"] = problems(429)[429]
    elif guard is bound_caller:
        operation["security"] = [{"customer_token": []}]
        operation["responses"]["429"] = problems(429)[429]
    else:
        form = "application/x-www-form-urlencoded" in str(operation.get("requestBody"))
        operation["security"] = _CLIENT_AUTHENTICATION if form else []


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


def _leave_references_bare(responses: dict[str, Any]) -> None:
    """FastAPI sets a description beside each reference, and a 422 of its own where a route declares none."""
    for status, response in list(responses.items()):
        if "$ref" in response:
            responses[status] = {"$ref": response["$ref"]}
        elif "HTTPValidationError" in str(response):
            del responses[status]


def _add_examples(operation: dict[str, Any], examples: Mapping[str, Mapping[str, object]]) -> None:
    """`examples`: "request" or a status, with a media type where there are several → name → value."""
    for place, named in examples.items():
        part, _, only = place.partition(" ")
        where = operation["requestBody"] if part == "request" else operation["responses"][part]
        for media_type, media in where["content"].items():
            if only in ("", media_type):
                media["examples"] = {name: {"value": value} for name, value in named.items()}
