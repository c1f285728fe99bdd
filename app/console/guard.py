"""What stands before every page: a session, a role, and, before a change, proof of intent."""

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from app.console.cookies import form_token, take_session
from app.console.failures import refused
from app.console.visit import Visit
from app.core.access.scope import Scope
from app.services.errors import InsufficientScope, Refusal
from app.services.ports import Conflict, StorageUnavailable
from app.services.tree_reader import LogDamaged

Handler = Callable[[Visit], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]

SIGN_IN = "/console/sign-in"
PASSWORD = "/console/password"  # noqa: S105 - an address


def open_to_all(handler: Handler) -> Endpoint:
    """A page that needs no sign-in. What it takes in must come from a page of ours."""

    async def endpoint(request: Request) -> Response:
        visit = Visit(request, request.state.console)
        if request.method == "POST" and not visit.came_from_here():
            return visit.show("error.html", 403, code="foreign_form")
        return await _answered(handler, visit)

    return endpoint


def signed_in(
    handler: Handler,
    *any_of: Scope,
    by_itself: bool = False,
    with_one_time_password: bool = False,
) -> Endpoint:
    """A page for people who are signed in and whose role has one of the scopes, if any is named.

    `by_itself`: the page asks again and again without anybody at it, which keeps no session alive.
    """

    async def endpoint(request: Request) -> Response:
        visit = Visit(request, request.state.console)
        try:
            return await _admit(visit, by_itself) or await _entered(visit)
        except StorageUnavailable as unavailable:
            return refused(visit, unavailable)

    async def _entered(visit: Visit) -> Response:
        who = visit.who
        if who is not None and who.account.must_change_password and not with_one_time_password:
            return visit.go(PASSWORD)
        if any_of and not any(map(visit.may, any_of)):
            await visit.services.deny(visit.caller, InsufficientScope.code)
            return visit.show("error.html", 403, code="insufficient_scope")
        if visit.request.method == "POST" and not await _meant(visit):
            return visit.show("error.html", 403, code="foreign_form")
        return await _answered(handler, visit)

    return endpoint


async def _admit(visit: Visit, by_itself: bool) -> Response | None:
    """Finds out who asks; leads to the sign-in where nobody is known."""
    secret = visit.secret
    if secret is not None:
        visit.who = await visit.services.sessions.resume(secret, visit.origin, by_itself=by_itself)
    if visit.who is not None:
        return None
    reading = visit.request.method == "GET" and not visit.partial
    response = visit.go(f"{SIGN_IN}?next={quote(visit.address, safe='')}" if reading else SIGN_IN)
    if secret is not None:
        take_session(response, visit.services.secure)
    return response


async def _meant(visit: Visit) -> bool:
    """Whether a form of this very session was sent from a page of ours (CSRF)."""
    given = (await visit.request.form()).get("token")
    expected = form_token(visit.secret or "")
    return (
        visit.came_from_here()
        and isinstance(given, str)
        and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
    )


async def _answered(handler: Handler, visit: Visit) -> Response:
    try:
        return await handler(visit)
    except (Refusal, StorageUnavailable, Conflict, LogDamaged) as refusal:
        return refused(visit, refusal)
