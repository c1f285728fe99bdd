"""OAuth 2.0: tokens, introspection, revocation, keys and metadata."""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.api.deps import ServicesDep, origin_of, services_of
from app.api.direct_route import RequestRoute
from app.api.oauth_form import OAuthForm, answer, read_form, refusal_answer, too_many_answer
from app.api.schemas.oauth import (
    ACCESS_TOKEN_TYPE,
    CLIENT_CREDENTIALS,
    TOKEN_EXCHANGE,
    IntrospectionOut,
    JwksOut,
    MetadataOut,
    OAuthErrorOut,
    TokenOut,
    form_body,
)
from app.api.schemas.problem import RATE_HEADERS, problems
from app.core.access.client import Client
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.core.access.scope import format_scopes
from app.core.access.token_claims import write_claims
from app.services.errors import TooManyRequests
from app.services.exchange_token import TokenExchange
from app.services.issued_token import IssuedToken

router = APIRouter(tags=["oauth"], route_class=RequestRoute)

_REFUSED: dict[int | str, dict[str, Any]] = {
    400: {"model": OAuthErrorOut, "description": "The request is not acceptable"},
    401: {"model": OAuthErrorOut, "description": "Client authentication failed"},
    429: {
        "model": OAuthErrorOut,
        "description": "The client asks, or the address fails, too often; go on after `Retry-After`",
        "headers": RATE_HEADERS,
    },
    **problems(503),
}
_NOT_ALLOWED: dict[int | str, dict[str, Any]] = {
    403: {"model": OAuthErrorOut, "description": "The client may not do this"}
}


@router.post(
    "/oauth2/token",
    operation_id="issue_token",
    summary="Fetch an access token, or exchange one",
    response_model=TokenOut,
    responses=_REFUSED,
    openapi_extra=form_body("ClientCredentialsForm", "TokenExchangeForm"),
)
async def issue_token(request: Request) -> Response:
    """Client credentials (RFC 6749 section 4.4) with `resource` (RFC 8707); token exchange (RFC 8693)."""
    services, origin = services_of(request), origin_of(request)
    try:
        form, client = await _authenticated(request)
        grant_type = form.required("grant_type")
        if grant_type == CLIENT_CREDENTIALS:
            scope, resources = form.one("scope"), form.every("resource")
            return answer(_token(await services.issue_token(client, scope, resources, origin)))
        if grant_type == TOKEN_EXCHANGE:
            issued = await services.exchange_token(client, _exchange(form), origin)
            return answer({**_token(issued), "issued_token_type": ACCESS_TOKEN_TYPE})
        raise OAuthRefusal(
            OAuthError.UNSUPPORTED_GRANT_TYPE, f"grant_type must be {CLIENT_CREDENTIALS} or {TOKEN_EXCHANGE}."
        )
    except OAuthRefusal as refusal:
        return refusal_answer(refusal)
    except TooManyRequests as too_many:
        return too_many_answer(too_many)


@router.post(
    "/oauth2/introspect",
    operation_id="introspect_token",
    summary="What a token says, as long as it lives",
    response_model=IntrospectionOut,
    responses={**_REFUSED, **_NOT_ALLOWED},
    openapi_extra=form_body("OneTokenForm"),
)
async def introspect_token(request: Request) -> Response:
    """RFC 7662, for clients with `token:introspect`. Any token that does not live is `{"active": false}`."""
    services = services_of(request)
    try:
        form, client = await _authenticated(request)
        claims = await services.introspect_token(client, form.required("token"), origin_of(request))
    except OAuthRefusal as refusal:
        return refusal_answer(refusal)
    except TooManyRequests as too_many:
        return too_many_answer(too_many)
    if claims is None:
        return answer({"active": False})
    return answer({"active": True, "token_type": "Bearer", **write_claims(claims, services.issuer)})


@router.post(
    "/oauth2/revoke",
    operation_id="revoke_token",
    summary="End a token",
    response_class=Response,
    responses={200: {"description": "The token does not live (any longer)."}, **_REFUSED},
    openapi_extra=form_body("OneTokenForm"),
)
async def revoke_token(request: Request) -> Response:
    """RFC 7009, for the client that the token was issued to. An unknown token needs nothing more: 200."""
    try:
        form, client = await _authenticated(request)
        await services_of(request).revoke_token(client, form.required("token"), origin_of(request))
    except OAuthRefusal as refusal:
        return refusal_answer(refusal)
    except TooManyRequests as too_many:
        return too_many_answer(too_many)
    return Response(status_code=200, headers={"Cache-Control": "no-store"})


@router.get(
    "/oauth2/jwks",
    operation_id="jwks",
    summary="The public keys of our tokens",
    response_model=JwksOut,
)
async def jwks(services: ServicesDep, response: Response) -> dict[str, Any]:
    """RFC 7517. A key is published before it signs and stays until its last token has expired."""
    # So late may a cache between us and a resource server show a key that was withdrawn.
    response.headers["Cache-Control"] = "public, max-age=5"
    return services.jwks()


@router.get(
    "/.well-known/oauth-authorization-server",
    operation_id="authorization_server_metadata",
    summary="What this authorization server can do",
)
async def metadata(services: ServicesDep, response: Response) -> MetadataOut:
    """RFC 8414."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return MetadataOut.of(services.issuer)


async def _authenticated(request: Request) -> tuple[OAuthForm, Client]:
    form = await read_form(request)
    return form, await services_of(request).authenticate_client(form.client(), origin_of(request))


def _exchange(form: OAuthForm) -> TokenExchange:
    return TokenExchange(
        subject_token=form.one("subject_token"),
        subject_token_type=form.one("subject_token_type"),
        requested_token_type=form.one("requested_token_type"),
        actor_token=form.one("actor_token"),
        scope=form.one("scope"),
        resources=form.every("resource"),
        audiences=form.every("audience"),
    )


def _token(issued: IssuedToken) -> dict[str, object]:
    return {
        "access_token": issued.token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
        "scope": format_scopes(issued.claims.scopes),
    }
