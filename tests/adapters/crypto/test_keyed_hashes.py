"""Blind index, client secrets and the log's digest: HMAC-SHA-256 under keys of their own."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.crypto.blind_index import BlindIndex
from app.adapters.crypto.digest import KeyedDigest
from app.adapters.crypto.keys import SymmetricKey
from app.adapters.crypto.secrets import PepperedSecrets
from app.core.access.client import Client, ClientCredential

OLD = SymmetricKey("old", "HS256", bytes(range(32)))
NEW = SymmetricKey("new", "HS256", bytes(range(32, 64)))
CLIENT = Client("hospital", frozenset(), None, None, None, True, datetime(2026, 11, 21, tzinfo=UTC))


@given(st.binary())
def test_a_blind_index_is_a_truncated_hmac_under_each_key(value: bytes) -> None:
    expected = [hmac.digest(key.key, value, hashlib.sha256)[:8] for key in (NEW, OLD)]
    hashes = BlindIndex([NEW, OLD]).ring(value)
    assert hashes == tuple(int.from_bytes(digest, "big", signed=True) for digest in expected)
    assert all(-(2**63) <= hashed < 2**63 for hashed in hashes)


def test_after_a_rotation_what_was_stored_before_is_still_asked_for() -> None:
    index = BlindIndex([OLD])
    before = index.ring
    (stored,) = before(b"value")
    index.use([NEW, OLD])
    assert index.ring(b"value")[1] == stored
    assert index.ring(b"value")[0] != stored
    assert index.ring.key_ids == ("new", "old")
    assert before(b"value") == (stored,)  # a unit of work that began with it goes on with it


def _credential(secrets: PepperedSecrets, secret: str) -> ClientCredential:
    return ClientCredential(CLIENT, *secrets.digest(secret))


@pytest.mark.parametrize("secret", ["s3cret", "密码", "", "\ud800"])
def test_a_secret_is_known_again_and_no_other_is(secret: str) -> None:
    secrets = PepperedSecrets([NEW])
    credential = _credential(secrets, secret)
    assert secrets.verify(secret, credential)
    assert not secrets.verify(secret + "x", credential)


def test_a_secret_outlives_a_new_pepper_but_not_a_lost_one() -> None:
    credential = _credential(PepperedSecrets([OLD]), "s3cret")
    assert PepperedSecrets([NEW, OLD]).verify("s3cret", credential)
    assert not PepperedSecrets([NEW]).verify("s3cret", credential)


def test_a_digest_under_the_active_pepper_does_not_pass_for_a_lost_one() -> None:
    secrets = PepperedSecrets([NEW])
    credential = replace(_credential(secrets, "s3cret"), pepper_id="lost")
    assert not secrets.verify("s3cret", credential)


def test_the_digest_of_the_log_is_keyed_hex() -> None:
    digest = KeyedDigest([NEW, OLD])
    assert digest(b"content") == hmac.digest(NEW.key, b"content", "sha256").hex()
    assert digest(b"content") != KeyedDigest([OLD])(b"content")
