"""The model in force, read from a file: the shipped one, or one that an operator trained."""

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from app.core.matching.model import InvalidModel, Model, read_model

_SHIPPED = "models/default.json"


@cache
def load_shipped_model() -> Model:
    """The model this version ships."""
    text = resources.files("app.adapters.reference").joinpath(_SHIPPED).read_text(encoding="utf-8")
    return read_model(json.loads(text))


def load_model(path: Path) -> Model:
    """A model from a file. Raises `InvalidModel` where it cannot be read or must not be used."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidModel(f"model: {path.name} cannot be read: {type(error).__name__}") from error
    if not isinstance(document, dict):
        raise InvalidModel(f"model: {path.name} must hold one object")
    return read_model(document)


def read_model_document(path: Path | None) -> dict[str, Any]:
    """A model's document, a file's or the shipped one, for training and linkage. Raises `InvalidModel`."""
    try:
        shipped = resources.files("app.adapters.reference").joinpath(_SHIPPED)
        document: dict[str, Any] = json.loads((path or shipped).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidModel(f"model: it cannot be read: {type(error).__name__}") from error
    read_model(document)
    return document
