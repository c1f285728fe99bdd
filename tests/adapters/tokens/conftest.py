from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk

from app.adapters.tokens.signing_keys import SigningKey, signing_keys


def private_entry(kid: str) -> dict[str, Any]:
    """A key ring's signing entry with a new key."""
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"kid": kid, "alg": "ES256", "jwk": jwk.construct(pem, "ES256").to_dict()}


@pytest.fixture(scope="session")
def entries() -> list[dict[str, Any]]:
    return [private_entry("new"), private_entry("old")]


@pytest.fixture(scope="session")
def foreign_entry() -> dict[str, Any]:
    """A key of somebody else's, under a kid of ours."""
    return private_entry("new")


@pytest.fixture(scope="session")
def keys(entries: list[dict[str, Any]]) -> tuple[SigningKey, ...]:
    return signing_keys(entries)
