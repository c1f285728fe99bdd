"""Tokens and secrets that were verified a moment ago."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from app.core.access.claims import Claims
from app.core.access.client import Client

REMEMBERED_FOR = timedelta(seconds=5)
MOST = 4096


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """A token's claims and client as they were at `verified_at`."""

    claims: Claims
    client: Client
    verified_at: datetime


class VerifiedSecrets:
    """Remembers for five seconds whose a secret was, by a digest of both; forgotten like tokens."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[Client, datetime]] = OrderedDict()

    def find(self, client_id: str, secret: str, now: datetime) -> Client | None:
        """The client, where this was its secret a moment ago."""
        client, verified_at = self._known.get(_key(f"{client_id}\0{secret}"), (None, now))
        return client if timedelta(0) <= now - verified_at < REMEMBERED_FOR else None

    def remember(self, client: Client, secret: str, now: datetime) -> None:
        """Keeps what was verified."""
        key = _key(f"{client.client_id}\0{secret}")
        self._known[key] = (client, now)
        self._known.move_to_end(key)
        if len(self._known) > MOST:
            self._known.popitem(last=False)

    def forget(self, client_id: str) -> None:
        """Ends what is remembered of a client's secrets."""
        for key in [key for key, (client, _) in self._known.items() if client.client_id == client_id]:
            del self._known[key]


class VerifiedTokens:
    """Remembers a verified token for five seconds, so that a busy client pays for signature and look-up once.

    So late may another process notice a revocation; the one that revokes forgets the token at once. Bounded:
    the oldest goes first. Only a digest of each token is kept.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, VerifiedToken] = OrderedDict()
        self.secrets = VerifiedSecrets()

    def find(self, token: str, now: datetime) -> VerifiedToken | None:
        """What is remembered of the token, unless it is too old or the token has expired."""
        known = self._known.get(_key(token))
        if known is None or now >= known.claims.expires_at:
            return None
        return known if timedelta(0) <= now - known.verified_at < REMEMBERED_FOR else None

    def remember(self, token: str, verified: VerifiedToken) -> None:
        """Keeps what was verified."""
        key = _key(token)
        self._known[key] = verified
        self._known.move_to_end(key)
        if len(self._known) > MOST:
            self._known.popitem(last=False)

    def forget_all(self) -> None:
        """Ends whatever is remembered: the keys it was verified with may be good no longer."""
        self._known.clear()

    def forget_token(self, token_id: str) -> None:
        """Ends what is remembered of one token, and of those obtained with it."""
        self._drop([key for key, known in self._known.items() if token_id in known.claims.lineage])

    def forget_client(self, client_id: str) -> None:
        """Ends what is remembered of a client: secrets, tokens, and those it speaks with for others."""
        self.secrets.forget(client_id)
        parties = ((key, known.claims) for key, known in self._known.items())
        self._drop([key for key, claims in parties if client_id in (claims.client_id, claims.actor)])

    def forget_customers(self, customer_ids: Collection[str]) -> None:
        """Ends what is remembered of the tokens that are bound to these customers."""
        grants = ((key, known.claims.grant) for key, known in self._known.items())
        self._drop([key for key, grant in grants if grant is not None and grant.customer_id in customer_ids])

    def _drop(self, keys: list[bytes]) -> None:
        for key in keys:
            del self._known[key]


def _key(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
