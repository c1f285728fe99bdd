"""Signing in and out, and choosing a password."""

from starlette.datastructures import FormData
from starlette.responses import Response

from app.console.cookies import give_session, take_session
from app.console.guard import SIGN_IN
from app.console.local_path import local_path
from app.console.visit import Visit
from app.services.errors import PasswordRefused, SignInRefused


async def form(visit: Visit) -> Response:
    """The form. Whoever is signed in may sign in as somebody else."""
    return visit.show("sign_in.html", next=local_path(visit.request.query_params.get("next")), name="")


async def enter(visit: Visit) -> Response:
    """Looks at a name and a password."""
    given = await visit.request.form()
    onward, name = local_path(given.get("next")), _text(given, "name")
    try:
        begun = await visit.services.sign_in(name, _text(given, "password"), visit.origin, visit.secret)
    except SignInRefused as refusal:
        return visit.show("sign_in.html", 401, next=onward, name=name, refusal=refusal.code)
    response = visit.go("/console/password" if begun.account.must_change_password else onward)
    give_session(response, begun.secret, visit.services.secure)
    return response


async def leave(visit: Visit) -> Response:
    """Ends the session, here and in the browser."""
    if visit.who is not None:
        await visit.services.sessions.end(visit.who)
    response = visit.go(SIGN_IN)
    take_session(response, visit.services.secure)
    return response


async def password_form(visit: Visit) -> Response:
    """The form for a new password."""
    return visit.show("password.html")


async def change(visit: Visit) -> Response:
    """Takes a new password; the session gets a new secret with it."""
    given = await visit.request.form()
    new = _text(given, "new")
    if new != _text(given, "again"):
        return visit.show("password.html", 422, refusal="passwords_differ")
    if visit.who is None:
        return visit.go(SIGN_IN)
    try:
        begun = await visit.services.change_password(visit.who, _text(given, "current"), new)
    except PasswordRefused as refusal:
        return visit.show("password.html", 422, refusal=refusal.code)
    response = visit.go(local_path(None))
    give_session(response, begun.secret, visit.services.secure)
    return response


def _text(given: FormData, field: str) -> str:
    value = given.get(field)
    return value if isinstance(value, str) else ""
