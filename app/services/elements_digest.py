"""A keyed digest of the elements, so that an auditor can see that two questions were the same."""

import json

from app.core.identity.elements import GivenElements
from app.services.ports import ElementsDigest

_encode = json.JSONEncoder(separators=(",", ":")).encode


def digest_of(given: GivenElements, digest: ElementsDigest) -> str:
    """Hex digest of the five as given; without the key nobody can try names against it."""
    fields = [given.name, given.gender, given.birth_date, given.id_type, given.id_number]
    return digest(_encode(fields).encode())
