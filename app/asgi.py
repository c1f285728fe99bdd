"""The factory that uvicorn calls; nothing is built at import."""

from fastapi import FastAPI

from app.api.app import build_app
from app.bootstrap.lifespan import lifespan_of
from app.console.app import Console
from app.settings import read_settings


def create_app() -> FastAPI:
    """The Customer Data Center. Raises `InvalidSetting`; databases are opened when the server starts."""
    console = Console()
    app = build_app(lifespan_of(read_settings(), console))
    console.mount(app)
    return app
