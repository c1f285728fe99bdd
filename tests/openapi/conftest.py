"""Both contracts, as the code makes them."""

from typing import Any

import pytest

from app.api.app import build_app as build_cdc
from app.health_data_center.asgi import build_app as build_hdc


@pytest.fixture(scope="session")
def documents() -> dict[str, dict[str, Any]]:
    """File name → OpenAPI document."""
    return {"customer-data-center": build_cdc().openapi(), "health-data-center": build_hdc().openapi()}


@pytest.fixture(params=["customer-data-center", "health-data-center"])
def name(request: pytest.FixtureRequest) -> str:
    """The name of one of the two."""
    text: str = request.param
    return text


@pytest.fixture
def document(documents: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    """One of the two."""
    return documents[name]
