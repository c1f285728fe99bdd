"""How clients prove themselves."""

import time

import httpx

from app.adapters.crypto.secrets import PepperedSecrets
from app.adapters.tokens.assertions import JwtAssertions
from app.adapters.tokens.remote_keys import RemoteKeySets
from app.bootstrap.ground import Ground
from app.services.authenticate_client import AuthenticateClient
from app.services.failure_tally import FailureTally
from app.services.limit_rate import LimitRate
from app.services.verified_tokens import VerifiedSecrets


def authenticating_clients(
    ground: Ground,
    http: httpx.AsyncClient,
    tally: FailureTally,
    limits: LimitRate,
    secrets: VerifiedSecrets,
) -> AuthenticateClient:
    """Takes secrets and assertions; an assertion is made for us by either of our names."""
    issuer = ground.settings.public_url
    return AuthenticateClient(
        ground.units,
        PepperedSecrets(ground.keys.pepper),
        JwtAssertions(frozenset({issuer, f"{issuer}/oauth2/token"})),
        RemoteKeySets(http, time.monotonic),
        ground.clock,
        tally,
        limits,
        secrets,
    )
