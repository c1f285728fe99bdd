"""Which keys a client may be registered with, and which URLs may be asked for them."""

from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest
from joserfc.jwk import ECKey

from app.core.access.client_keys import (
    ClientKey,
    ClientKeys,
    UnusableKeys,
    may_be_asked,
    published_keys,
    registered_keys,
)

KEY: dict[str, Any] = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "kid": "his-1",
}
URI = "https://his.example/jwks.json"


def test_inline_keys_are_read_and_written_again() -> None:
    second = {name: value for name, value in KEY.items() if name != "kid"}
    keys = registered_keys({"keys": [{**KEY, "use": "sig", "alg": "ES256"}, second]}, None)
    assert [key.kid for key in keys.inline] == ["his-1", None]
    assert registered_keys(keys.jwks, None) == keys
    assert keys.uri is None


def test_a_key_is_known_by_its_thumbprint() -> None:
    """As another implementation of RFC 7638 has it, whatever else is said of the key."""
    (key,) = registered_keys({"keys": [KEY]}, None).inline
    assert key.thumbprint == ECKey.import_key(KEY).thumbprint()
    assert replace(key, kid=None).thumbprint == key.thumbprint


def test_a_url_is_kept_as_it_is() -> None:
    assert registered_keys(None, URI) == ClientKeys(uri=URI)
    assert ClientKeys(uri=URI).jwks is None


@pytest.mark.parametrize(
    "jwks",
    [
        {},
        [],
        "x",
        {"keys": []},
        {"keys": KEY},
        {"keys": [KEY] * 11},
        {"keys": [KEY, KEY]},
        {"keys": [{**KEY, "d": "secret"}]},
        {"keys": [{**KEY, "kty": "oct", "k": "c2VjcmV0"}]},
        {"keys": [{**KEY, "kty": "RSA"}]},
        {"keys": [{**KEY, "crv": "P-384"}]},
        {"keys": [{**KEY, "alg": "ES384"}]},
        {"keys": [{**KEY, "use": "enc"}]},
        {"keys": [{**KEY, "x": KEY["x"][:-1]}]},
        {"keys": [{**KEY, "y": "!" * 43}]},
        {"keys": [{**KEY, "kid": ""}]},
        {"keys": [{**KEY, "kid": 7}]},
        {"keys": [None]},
    ],
)
def test_what_is_no_set_of_public_keys_is_refused(jwks: object) -> None:
    with pytest.raises(UnusableKeys):
        registered_keys(jwks, None)


@pytest.mark.parametrize(
    "uri",
    [
        "http://his.example/jwks.json",
        "ftp://his.example/jwks.json",
        "file:///etc/passwd",
        "https://",
        "https://user:password@his.example/jwks.json",
        "https://user@his.example/",
        "https://his.example/#keys",
        "https://his.example/a b",
        "https://his.example/\n",
        "https://医院.example/",
        "https://his.example:99999/",
        "https://[::1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[fe80::1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://his.example/" + "a" * 500,
        "",
    ],
)
def test_a_url_that_must_not_be_asked_is_refused(uri: str) -> None:
    with pytest.raises(UnusableKeys):
        registered_keys(None, uri)


def test_this_machine_may_be_asked_without_tls() -> None:
    for uri in (
        "http://127.0.0.1:9000/jwks",
        "http://localhost/jwks",
        "http://[::1]:1/jwks",
        "https://10.1.2.3/",
    ):
        assert registered_keys(None, uri).uri == uri


def test_keys_come_one_way() -> None:
    for jwks, uri in ((None, None), ({"keys": [KEY]}, URI)):
        with pytest.raises(UnusableKeys):
            registered_keys(jwks, uri)


def test_of_a_published_set_the_usable_keys_are_taken() -> None:
    rsa = {"kty": "RSA", "n": "x", "e": "AQAB", "kid": "other"}
    assert published_keys({"keys": [rsa, KEY]}) == (ClientKey("his-1", KEY["x"], KEY["y"]),)
    assert published_keys({"keys": [rsa]}) == ()
    with pytest.raises(UnusableKeys):
        published_keys({"keys": "none"})


def test_metadata_services_are_not_asked() -> None:
    for address in ("169.254.169.254", "fe80::1", "::ffff:169.254.1.1", "0.0.0.0", "::", "ff02::1"):
        assert not may_be_asked(ip_address(address))
    for address in ("10.0.0.1", "192.168.1.1", "93.184.216.34", "fd00::1"):
        assert may_be_asked(ip_address(address))
