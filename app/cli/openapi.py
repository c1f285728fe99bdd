"""`cdc openapi`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.api.app import build_app


def openapi(file: Annotated[Path, typer.Argument(dir_okay=False, help="JSON file to write.")]) -> None:
    """Write the OpenAPI document; needs no settings and no database."""
    text = json.dumps(build_app().openapi(), ensure_ascii=False, indent=2)
    file.write_text(f"{text}\n", encoding="utf-8")
