"""`/docs`: the contract to read and try, by Swagger UI from our own files. No other host is asked."""

from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

FILES = Path(__file__).parents[2] / "swagger_ui"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
# Swagger UI sets styles on its elements, and carries its icons as data URLs.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


class _Kept(NamedTuple):
    """A file of Swagger UI: where it lies, and how it is sent."""

    file: str
    media_type: str
    encoding: str | None = None


_KEPT = {
    "swagger-ui-bundle.js": _Kept("swagger-ui-bundle.js.gz", "text/javascript", "gzip"),
    "swagger-ui.css": _Kept("swagger-ui.css.gz", "text/css", "gzip"),
    "start.js": _Kept("start.js", "text/javascript"),
}


def reference_page(title: str) -> APIRouter:
    """The page and its files, beside the contract and not in it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def page() -> HTMLResponse:
        return HTMLResponse(_PAGE.format(title=title), headers=_HEADERS)

    @router.get("/docs/{name}")
    async def file(name: str) -> Response:
        kept = _KEPT.get(name)
        if kept is None:
            raise HTTPException(404)
        headers = {"Cache-Control": "public, max-age=86400"}
        if kept.encoding:
            headers["Content-Encoding"] = kept.encoding
        return Response((FILES / kept.file).read_bytes(), 200, headers, kept.media_type)

    return router
