"""Request bodies: bounded, JSON, and nothing that a database could choke on."""

from typing import Any

import orjson
from fastapi import Request

from app.health_data_center.problems import Problem


async def read_json(request: Request, largest: int) -> Any:
    """The JSON value of the body. Raises `Problem`: 415, 413 over `largest` bytes, 400 where it is no JSON.

    The parser refuses invalid UTF-8, lone surrogates and nesting beyond 1,024.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem(415, "unsupported_media_type", "Unsupported media type", "Send application/json.")
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > largest:
        raise _too_large(largest)
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > largest:
            raise _too_large(largest)
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        detail = "The body must be one JSON value in UTF-8."
        raise Problem(400, "invalid_json", "Invalid JSON", detail) from None


def _too_large(largest: int) -> Problem:
    detail = f"The body may have at most {largest} bytes."
    return Problem(413, "body_too_large", "Body too large", detail, headers={"Connection": "close"})
