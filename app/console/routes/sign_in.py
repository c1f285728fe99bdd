"""Signing in and out, and choosing a password."""

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.console.cookies import give_journey, give_session, journey_cookie, take_journey, take_session
from app.console.guard import SIGN_IN
from app.console.local_path import local_path
from app.console.visit import Visit
from app.services.errors import NotFound, PasswordRefused, SignInRefused
from app.services.identity_provider import Answer, ProviderUnavailable


async def form(visit: Visit) -> Response:
    """The form. Whoever is signed in may sign in as somebody else."""
    return _form(visit, local_path(visit.request.query_params.get("next")))


async def enter(visit: Visit) -> Response:
    """Looks at a name and a password."""
    given = await visit.request.form()
    onward, name = local_path(given.get("next")), _text(given, "name")
    try:
        begun = await visit.services.sign_in(name, _text(given, "password"), visit.origin, visit.secret)
    except SignInRefused as refusal:
        return _form(visit, onward, name, refusal.code)
    response = visit.go("/console/password" if begun.account.must_change_password else onward)
    give_session(response, begun.secret, visit.services.secure)
    return response


async def go_elsewhere(visit: Visit) -> Response:
    """Sends the browser to the identity provider."""
    service = visit.services.sign_in_elsewhere
    if service is None:
        raise NotFound
    try:
        address, secret = await service.start()
    except ProviderUnavailable:
        return _form(visit, local_path(None), refusal="provider_unavailable", status=503)
    response = RedirectResponse(address, 303)
    give_journey(response, secret, visit.services.secure)
    return response


async def come_back(visit: Visit) -> Response:
    """Takes what the identity provider says of somebody."""
    service, secure = visit.services.sign_in_elsewhere, visit.services.secure
    if service is None:
        raise NotFound
    given = visit.request.query_params
    secret = visit.request.cookies.get(journey_cookie(secure), "")
    try:
        answer = Answer(given.get("state", ""), given.get("code", ""), given.get("iss"))
        begun = await service.finish(secret, answer, visit.origin, visit.secret)
    except SignInRefused:
        response = _form(visit, local_path(None), refusal="not_proved")
    except ProviderUnavailable:
        response = _form(visit, local_path(None), refusal="provider_unavailable", status=503)
    else:
        response = visit.go(local_path(None))
        give_session(response, begun.secret, secure)
    take_journey(response, secure)
    return response


def _form(
    visit: Visit, onward: str, name: str = "", refusal: str | None = None, status: int = 401
) -> Response:
    elsewhere = visit.services.sign_in_elsewhere
    return visit.show(
        "sign_in.html",
        status if refusal else 200,
        next=onward,
        name=name,
        refusal=refusal,
        provider=elsewhere.provider.label if elsewhere else None,
    )


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
