"""Hands new signing keys to whoever makes, checks, publishes or remembers tokens."""

from collections.abc import Sequence
from typing import Any

from app.adapters.crypto.keys import KeyRing
from app.adapters.tokens.signer import JwtSigner
from app.adapters.tokens.signing_keys import SigningKey, jwks, signing_keys
from app.adapters.tokens.verifier import JwtVerifier
from app.bootstrap.ground import Ground
from app.core.access.audience import Audiences
from app.services.ports import Clock
from app.services.verified_tokens import VerifiedTokens


class TokenKeys:
    """The signing keys of this process, and what of it holds them: all change together."""

    def __init__(self, ring: KeyRing, where: Audiences, verified: VerifiedTokens, clock: Clock) -> None:
        self._keys: Sequence[SigningKey] = signing_keys(ring.signing)
        self.signer = JwtSigner(self._keys, where.issuer)
        self.verifier = JwtVerifier(self._keys, where)
        self._verified = verified
        self._clock = clock

    def use(self, ring: KeyRing) -> None:
        """Takes up the key ring's signing keys, all or none. Raises `InvalidSigningKey`."""
        self._keys = keys = signing_keys(ring.signing)
        self.signer.use(keys)
        self.verifier.use(keys)
        self._verified.forget_all()

    def published(self) -> dict[str, Any]:
        """The JWK Set that is shown now (RFC 7517)."""
        return jwks(self._keys, self._clock.now())


def following_keys(ground: Ground, where: Audiences, verified: VerifiedTokens) -> TokenKeys:
    """The signing keys of a worker, which follow the key file."""
    keys = TokenKeys(ground.keys, where, verified, ground.clock)
    ground.key_watch.tell(keys.use)
    return keys
