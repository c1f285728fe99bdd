"""The console's cookies: the session, and what somebody likes to see."""

import hmac
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

LANGUAGE, THEME = "cdc_language", "cdc_theme"
THEMES = ("system", "light", "dark")
_YEAR = 365 * 24 * 3600


def session_cookie(secure: bool) -> str:
    """Over TLS the prefix binds it to this very host (RFC 6265bis section 4.1.3.2)."""
    return "__Host-cdc_session" if secure else "cdc_session"


def session_secret(request: Request, secure: bool) -> str | None:
    """What the browser proves its session with."""
    return request.cookies.get(session_cookie(secure))


def give_session(response: Response, secret: str, secure: bool) -> None:
    """For as long as the browser is open; the server knows when it ends."""
    response.set_cookie(
        session_cookie(secure), secret, path="/", secure=secure, httponly=True, samesite="lax"
    )


def take_session(response: Response, secure: bool) -> None:
    """Forgets the session in the browser."""
    response.delete_cookie(session_cookie(secure), path="/", secure=secure, httponly=True, samesite="lax")


def journey_cookie(secure: bool) -> str:
    """What a browser keeps while it is at the identity provider."""
    return "__Host-cdc_journey" if secure else "cdc_journey"


def give_journey(response: Response, secret: str, secure: bool) -> None:
    """For ten minutes, and for the way back from another site: hence lax."""
    response.set_cookie(
        journey_cookie(secure),
        secret,
        max_age=600,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def take_journey(response: Response, secure: bool) -> None:
    """Each journey is for one return."""
    response.delete_cookie(journey_cookie(secure), path="/", secure=secure, httponly=True, samesite="lax")


def give_preference(response: Response, name: str, value: str, secure: bool) -> None:
    """Nothing secret and nothing personal."""
    response.set_cookie(
        name, value, max_age=_YEAR, path="/console", secure=secure, httponly=True, samesite="lax"
    )


def form_token(secret: str) -> str:
    """What a form of this session must hold; another site can neither read nor guess it."""
    return hmac.digest(secret.encode("utf-8", "surrogatepass"), b"form", sha256).hex()
