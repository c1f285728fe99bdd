"""Signs access tokens as RFC 9068 `at+jwt`."""

from collections.abc import Sequence

import orjson
from jose.utils import base64url_encode

from app.adapters.tokens.signing_keys import ALGORITHM, TOKEN_TYPE, SigningKey
from app.core.access.claims import Claims
from app.core.access.token_claims import write_claims


class JwtSigner:
    """A `TokenSigner` with the first of the keys."""

    def __init__(self, keys: Sequence[SigningKey], issuer: str) -> None:
        self._issuer = issuer
        self.use(keys)

    def use(self, keys: Sequence[SigningKey]) -> None:
        """From now on signs with the first of these."""
        self._key = keys[0].private
        header = {"alg": ALGORITHM, "kid": keys[0].kid, "typ": TOKEN_TYPE}
        self._header = base64url_encode(orjson.dumps(header))

    def sign(self, claims: Claims) -> str:
        """The token in compact form. Times are cut to whole seconds."""
        payload = base64url_encode(orjson.dumps(write_claims(claims, self._issuer)))
        signed = self._header + b"." + payload
        return (signed + b"." + base64url_encode(self._key.sign(signed))).decode("ascii")
