"""The CDC as the center sees it: keys, introspection, token exchange and match, over HTTP alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import quote

import httpx
import orjson

_EARLY = 60
"""Seconds before its end from which a token of the center's own is not used any more."""
_TIMEOUTS = httpx.Timeout(5.0, connect=2.0)
_LARGEST_ANSWER = 1024 * 1024
_TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - RFC 8693 §2.1
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - RFC 8693 §3

_PARTNERS_FAULT = frozenset({"invalid_request", "invalid_grant", "invalid_scope", "invalid_target"})
"""Errors of the token endpoint about the partner's token. `invalid_client` and `unauthorized_client` are the
center's own fault, not the partner's."""


class CdcUnavailable(Exception):  # noqa: N818 - a state, named as the caller sees it
    """No usable answer from the CDC; `reason` is a stable code for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAllowed(Exception):  # noqa: N818
    """The center's own client is not registered for this."""


class ExchangeRefused(Exception):  # noqa: N818
    """The CDC does not take the partner's token; `error` is its OAuth error code."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer of the CDC and its `Retry-After`, if any."""

    status: int
    body: Mapping[str, Any]
    retry_after: str | None


class CdcClient:
    """Speaks for the client `client_id` of the center. Every wait ends, and so does every answer."""

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._auth = httpx.BasicAuth(_form_encoded(client_id), _form_encoded(client_secret))
        self._http = httpx.AsyncClient(
            base_url=base_url, timeout=_TIMEOUTS, trust_env=False, transport=transport, follow_redirects=False
        )

        self._own_token: tuple[str, float] | None = None

    async def close(self) -> None:
        """Ends every connection."""
        await self._http.aclose()

    async def keys(self) -> Mapping[str, Any]:
        """The JWK Set (RFC 7517). Raises `CdcUnavailable`."""
        answer = await self._ask_again(self._http.build_request("GET", "/oauth2/jwks"))
        return _expect(answer, 200)

    async def is_active(self, token: str, token_id: str, request_id: str) -> bool:
        """Whether the token still lives (RFC 7662). Raises `CdcUnavailable`."""
        request = self._post_form("/oauth2/introspect", {"token": token}, request_id)
        body = _expect(await self._ask_again(request, self._auth), 200)
        active = body.get("active")
        if not isinstance(active, bool) or (active and body.get("jti", token_id) != token_id):
            raise CdcUnavailable("bad_answer")
        return active

    async def exchange(self, token: str, request_id: str) -> str:
        """A token with the partner as subject and the center as actor (RFC 8693).

        Raises `ExchangeRefused` and `CdcUnavailable`.
        """
        form = {
            "grant_type": _TOKEN_EXCHANGE,
            "subject_token": token,
            "subject_token_type": _ACCESS_TOKEN,
            "requested_token_type": _ACCESS_TOKEN,
        }
        answer = await self._ask(self._post_form("/oauth2/token", form, request_id), self._auth)
        error = answer.body.get("error")
        if answer.status == 400 and error in _PARTNERS_FAULT:
            raise ExchangeRefused(error)
        exchanged = _expect(answer, 200).get("access_token")
        if not isinstance(exchanged, str):
            raise CdcUnavailable("bad_answer")
        return exchanged

    async def match(self, question: Mapping[str, Any], token: str, request_id: str) -> Answer:
        """Asks who this is and whether the partner may see it, whatever the answer. Raises `CdcUnavailable`.

        Asked once: a match is decided and logged each time.
        """
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "X-Request-ID": request_id,
        }
        content = orjson.dumps(question)
        return await self._ask(
            self._http.build_request("POST", "/v1/match", content=content, headers=headers)
        )

    async def changes(self, after: int, wait: int) -> tuple[Sequence[Mapping[str, Any]], int]:
        """What happened to customers behind a position of the feed, and how far that is; comes within `wait`
        seconds. Raises `CdcUnavailable`, `NotAllowed`."""
        query = {"after": str(after), "wait": str(wait), "limit": "1000"}
        headers = {"Authorization": f"Bearer {await self._token()}"}
        timeouts = httpx.Timeout(wait + 10.0, connect=2.0)
        request = self._http.build_request(
            "GET", "/v1/changes", params=query, headers=headers, timeout=timeouts
        )
        body = _expect(await self._ask_again(request), 200)
        items, last = body.get("items"), body.get("next")
        if not isinstance(items, list) or not isinstance(last, int):
            raise CdcUnavailable("bad_answer")
        return items, last

    async def _token(self) -> str:
        """A token of the center's own client (RFC 6749 section 4.4), for the feed alone."""
        if self._own_token is not None and monotonic() < self._own_token[1]:
            return self._own_token[0]
        form = {"grant_type": "client_credentials", "scope": "changes:read"}
        request = self._http.build_request("POST", "/oauth2/token", data=form)
        answer = await self._ask_again(request, self._auth)
        if answer.body.get("error") == "invalid_scope":
            raise NotAllowed
        body = _expect(answer, 200)
        token, life = body.get("access_token"), body.get("expires_in")
        if not isinstance(token, str) or not isinstance(life, int):
            raise CdcUnavailable("bad_answer")
        self._own_token = (token, monotonic() + max(life - _EARLY, 0))
        return token

    def _post_form(self, path: str, form: Mapping[str, str], request_id: str) -> httpx.Request:
        return self._http.build_request("POST", path, data=form, headers={"X-Request-ID": request_id})

    async def _ask_again(self, request: httpx.Request, auth: httpx.Auth | None = None) -> Answer:
        """For questions that change nothing: once more where a kept connection had died."""
        try:
            return await self._ask(request, auth)
        except CdcUnavailable as error:
            if error.reason != "connection_lost":
                raise
        return await self._ask(request, auth)

    async def _ask(self, request: httpx.Request, auth: httpx.Auth | None = None) -> Answer:
        try:
            response = await self._http.send(request, auth=auth, stream=True)
            try:
                content = await _content(response)
            finally:
                await response.aclose()
        except httpx.TimeoutException:
            raise CdcUnavailable("timeout") from None
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            raise CdcUnavailable("connection_lost") from None
        except httpx.HTTPError:
            raise CdcUnavailable("unreachable") from None
        return Answer(response.status_code, _object(content), response.headers.get("retry-after"))


async def _content(response: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > _LARGEST_ANSWER:
            raise CdcUnavailable("too_large")
    return bytes(content)


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise CdcUnavailable("bad_answer") from None
    if not isinstance(body, dict):
        raise CdcUnavailable("bad_answer")
    return body


def _expect(answer: Answer, status: int) -> Mapping[str, Any]:
    if answer.status == 401:
        raise CdcUnavailable("own_credentials_refused")
    if answer.status != status:
        raise CdcUnavailable(f"status_{answer.status}")
    return answer.body


def _form_encoded(text: str) -> str:
    """RFC 6749 §2.3.1: percent-encoded before Basic."""
    return quote(text, safe="")
