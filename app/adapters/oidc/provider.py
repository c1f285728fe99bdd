"""The authorization code flow with PKCE: Authlib makes the request and checks claims, joserfc signatures."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.services.identity_provider import IdentityNotProved, Journey, ProvedIdentity, ProviderUnavailable

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
LEEWAY = 60
_REMEMBERED = 3600.0
"""How long (seconds) the provider's metadata are good for; its keys are read anew at each sign-in."""


@dataclass(frozen=True, slots=True)
class Registration:
    """How this installation is known to the provider, and which claims say who somebody is."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    name_claim: str
    groups_claim: str


class OpenIdProvider:
    """Implements the port `IdentityProvider`."""

    def __init__(self, http: httpx.AsyncClient, registration: Registration) -> None:
        self._http = http
        self._registration = registration
        self._metadata: Mapping[str, Any] = {}
        self._read_at = float("-inf")

    @property
    def label(self) -> str:
        """The provider's host."""
        return httpx.URL(self._registration.issuer).host

    @property
    def issuer(self) -> str:
        """What it calls itself."""
        return self._registration.issuer

    async def address(self, journey: Journey) -> str:
        """Where the browser is sent. Raises `ProviderUnavailable`."""
        metadata = await self._discovered()
        uri: str = prepare_grant_uri(
            _text(metadata, "authorization_endpoint"),
            self._registration.client_id,
            "code",
            redirect_uri=self._registration.redirect_uri,
            scope="openid profile",
            state=journey.state,
            nonce=journey.nonce,
            code_challenge=create_s256_code_challenge(journey.verifier),
            code_challenge_method="S256",
        )
        return uri

    async def identify(self, code: str, journey: Journey) -> ProvedIdentity:
        """Who the code stands for. Raises `IdentityNotProved`, `ProviderUnavailable`."""
        metadata = await self._discovered()
        known = self._registration
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": known.redirect_uri,
            "code_verifier": journey.verifier,
        }
        auth = httpx.BasicAuth(known.client_id, known.client_secret)
        answer = await self._ask("POST", _text(metadata, "token_endpoint"), data=form, auth=auth)
        if answer.status_code != httpx.codes.OK:
            raise IdentityNotProved("code_refused")
        keys = await self._object("GET", _text(metadata, "jwks_uri"))
        return self._proved(_object(answer).get("id_token"), keys, journey)

    def _proved(self, token: object, keys: Mapping[str, Any], journey: Journey) -> ProvedIdentity:
        """The ID token, checked as OpenID Connect Core section 3.1.3.7 says."""
        known = self._registration
        if not isinstance(token, str):
            raise IdentityNotProved("no_id_token")
        try:
            read = jwt.decode(token, KeySet.import_key_set({"keys": list(keys["keys"])}), ALGORITHMS)
            claims = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "value": known.issuer},
                    "aud": {"essential": True, "value": known.client_id},
                },
                {"nonce": journey.nonce, "client_id": known.client_id},
            )
            claims.validate(time.time(), LEEWAY)
        except (JoseError, KeyError, TypeError, ValueError):
            raise IdentityNotProved("bad_id_token") from None
        except Exception as wrong:
            # Authlib's own errors share no base that says what they are about.
            if type(wrong).__module__.startswith("authlib."):
                raise IdentityNotProved("bad_id_token") from None
            raise
        name, groups = claims.get(known.name_claim), claims.get(known.groups_claim, [])
        if not isinstance(name, str):
            raise IdentityNotProved("no_name")
        listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
        return ProvedIdentity(name, tuple(group for group in listed if isinstance(group, str)))

    async def _discovered(self) -> Mapping[str, Any]:
        """The provider's metadata (OpenID Connect Discovery section 4)."""
        if time.monotonic() - self._read_at > _REMEMBERED:
            issuer = self._registration.issuer
            found = await self._object("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != issuer:
                raise ProviderUnavailable("the provider's metadata name another issuer")
            self._metadata, self._read_at = found, time.monotonic()
        return self._metadata

    async def _object(self, method: str, url: str) -> Mapping[str, Any]:
        answer = await self._ask(method, url)
        if answer.status_code != httpx.codes.OK:
            raise ProviderUnavailable(f"the provider answers {answer.status_code}")
        return _object(answer)

    async def _ask(self, method: str, url: str, **options: Any) -> httpx.Response:
        try:
            return await self._http.request(method, url, **options)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderUnavailable(type(error).__name__) from None


def _object(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        content = answer.json()
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise ProviderUnavailable("the provider's answer is no JSON object")
    return content


def _text(metadata: Mapping[str, Any], name: str) -> str:
    value = metadata.get(name)
    if not isinstance(value, str):
        raise ProviderUnavailable(f"the provider's metadata lack {name}")
    return value
