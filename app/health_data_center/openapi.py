"""The OpenAPI document, completed by the bodies that routes read themselves."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.health_data_center.api.schemas import LookupIn, ProblemOut, RecordBatchIn

_MODELS: tuple[type[BaseModel], ...] = (LookupIn, RecordBatchIn, ProblemOut)


def install(app: FastAPI) -> None:
    """Replaces the generator of `/openapi.json`."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            made.setdefault("components", {}).setdefault("schemas", {}).update(_bodies())
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _bodies() -> dict[str, Any]:
    template = "#/components/schemas/{model}"
    _, found = models_json_schema([(model, "validation") for model in _MODELS], ref_template=template)
    schemas: dict[str, Any] = found["$defs"]
    one = schemas["RecordBatchIn"]["properties"]["items"]["items"]
    schemas["RecordsIn"] = {"anyOf": [one, {"$ref": template.format(model="RecordBatchIn")}]}
    return schemas
