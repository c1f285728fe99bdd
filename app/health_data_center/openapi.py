"""The OpenAPI document, completed by what FastAPI cannot know of the routes."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.health_data_center.api.contract import RESPONSES
from app.health_data_center.api.schemas import LookupIn, ProblemOut, RecordBatchIn
from app.health_data_center.examples import EXAMPLES

TAGS = (
    ("lookups", "From five identity elements to records, in one call."),
    ("records", "Business records under master customer IDs."),
    ("operations", "For probes."),
)
SERVERS = (
    {"url": "/", "description": "The installation that serves this document"},
    {"url": "http://127.0.0.1:8100", "description": "What `make run` starts"},
)
SECURITY_SCHEMES = {
    "client_token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": (
            "A partner's access token of the Customer Data Center, fetched with `resource` = this center "
            "(RFC 8707). The scope that an operation needs stands in `x-required-scopes`."
        ),
    },
    "customer_token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": (
            "The short-lived token of a permitted match at the Customer Data Center, bound to the client, "
            "one customer, domains and a purpose."
        ),
    },
}
_MODELS: tuple[type[BaseModel], ...] = (LookupIn, RecordBatchIn, ProblemOut)
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
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=[{"name": name, "description": description} for name, description in TAGS],
        servers=list(SERVERS),
        contact={"name": "The operators of this installation"},
        license_info={"name": "Apache License 2.0", "identifier": "Apache-2.0"},
    )
    _add_components(made["components"])
    for operation in _operations(made):
        operation.setdefault("security", [])
        _leave_references_bare(operation["responses"])
        _add_examples(operation, EXAMPLES.get(operation["operationId"], {}))
    return made


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from (item[method] for method in _METHODS if method in item)


def _add_components(components: dict[str, Any]) -> None:
    schemas = {**components["schemas"], **_bodies()}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["schemas"] = dict(sorted(schemas.items()))
    components["responses"] = dict(RESPONSES.values())
    components["securitySchemes"] = SECURITY_SCHEMES


def _bodies() -> dict[str, Any]:
    template = "#/components/schemas/{model}"
    _, found = models_json_schema([(model, "validation") for model in _MODELS], ref_template=template)
    schemas: dict[str, Any] = found["$defs"]
    one = schemas["RecordBatchIn"]["properties"]["items"]["items"]
    schemas["RecordsIn"] = {"anyOf": [one, {"$ref": template.format(model="RecordBatchIn")}]}
    return schemas


def _leave_references_bare(responses: dict[str, Any]) -> None:
    """FastAPI sets a description beside each reference."""
    for status, response in responses.items():
        if "$ref" in response:
            responses[status] = {"$ref": response["$ref"]}


def _add_examples(operation: dict[str, Any], examples: Mapping[str, Mapping[str, object]]) -> None:
    """`examples`: "request" or a status → name → value."""
    for place, named in examples.items():
        where = operation["requestBody"] if place == "request" else operation["responses"][place]
        for media in where["content"].values():
            media["examples"] = {name: {"value": value} for name, value in named.items()}
