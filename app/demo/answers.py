"""What comes back over HTTP, and what to think of it."""

from typing import Any

import httpx

Json = dict[str, Any]


class UnexpectedAnswer(Exception):  # noqa: N818 - an outcome
    """A service answered other than it should; names the call, the status and the problem's code."""


def bearer(token: str) -> dict[str, str]:
    """RFC 6750."""
    return {"Authorization": f"Bearer {token}"}


def expect(answer: httpx.Response, *statuses: int) -> Json:
    """The body of an answer with one of these statuses. Raises `UnexpectedAnswer`."""
    if answer.status_code in statuses:
        return dict(answer.json())
    request = answer.request
    called = f"{request.method} {request.url.path} answered {answer.status_code}"
    raise UnexpectedAnswer(f"{called} {_code(answer)}".strip())


def _code(answer: httpx.Response) -> str:
    """RFC 9457's `code`, or OAuth's `error`."""
    try:
        problem = answer.json()
    except ValueError:
        return ""
    return str(problem.get("code") or problem.get("error") or "")
