"""The authorization server as a client sees it that we did not write: Authlib, against a live server."""

import json
import time
import warnings
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.asking import http

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have a newer httpx
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.httpx_client import OAuth2Client
    from authlib.oauth2.rfc7523 import PrivateKeyJWT
    from joserfc.jwk import ECKey

WRONG: list[dict[str, Any]] = [
    {"exp": int(time.time()) + 3600},
    {"exp": int(time.time()) - 1},
    {"aud": "https://elsewhere.example"},
    {"sub": "other"},
]
SCOPES = "customer:match customer:read token:introspect"


@pytest.fixture
def server(centers: Any) -> Any:
    centers.start("cdc")
    return centers


def _metadata(server: Any) -> dict[str, Any]:
    found: dict[str, Any] = http.get(f"{server.cdc}/.well-known/oauth-authorization-server").json()
    return found


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_secret_fetches_uses_inspects_and_ends_a_token(server: Any, method: str) -> None:
    made = server.client("partner", SCOPES, "--source-systems", "all")
    metadata = _metadata(server)
    assert method in metadata["token_endpoint_auth_methods_supported"]
    with OAuth2Client(
        made["client_id"],
        made["client_secret"],
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
    ) as client:
        token = client.fetch_token(metadata["token_endpoint"], scope="customer:read token:introspect")
        assert (token["token_type"], token["scope"]) == ("Bearer", "customer:read token:introspect")
        assert client.get(f"{server.cdc}/v1/customers/C0").status_code == 404
        told = client.introspect_token(metadata["introspection_endpoint"], token["access_token"]).json()
        assert (told["active"], told["sub"], told["iss"]) == (True, "partner", metadata["issuer"])
        assert client.revoke_token(metadata["revocation_endpoint"], token["access_token"]).status_code == 200
        told = client.introspect_token(metadata["introspection_endpoint"], token["access_token"]).json()
        assert told == {"active": False}


def test_a_key_fetches_a_token_and_the_same_assertion_no_second_one(server: Any) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    key = ECKey.import_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    file = server.directory / "jwks.json"
    file.write_text(json.dumps({"keys": [{**key.as_dict(private=False), "kid": "partner-1"}]}))
    assert "client_secret" not in server.client("partner", SCOPES, "--jwks", str(file))
    endpoint = _metadata(server)["token_endpoint"]

    def proof(**claims: Any) -> PrivateKeyJWT:
        soon = {"exp": int(time.time()) + 60, "jti": str(uuid4())}
        return PrivateKeyJWT(endpoint, claims={**soon, **claims}, headers={"kid": "partner-1"}, alg="ES256")

    def fetch(method: PrivateKeyJWT) -> Any:
        with OAuth2Client("partner", key, token_endpoint_auth_method=method) as client:
            return client.fetch_token(endpoint)

    once = proof()
    assert fetch(once)["token_type"] == "Bearer"
    bad = [once, *(proof(**wrong) for wrong in WRONG)]
    for method in bad:
        with pytest.raises(OAuthError, match="invalid_client"):
            fetch(method)
    assert fetch(proof(aud=_metadata(server)["issuer"]))["access_token"]
