"""Client credentials in an Authorization header (RFC 6749 section 2.3.1, RFC 7617)."""

import base64
import binascii
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes


@dataclass(frozen=True, slots=True)
class PresentedSecret:
    """A client ID and the secret presented with it; the secret stays out of the representation."""

    client_id: str
    secret: str = field(repr=False)


def parse_basic(header: str) -> PresentedSecret | None:
    """Reads `Basic base64(form-encoded ID ":" form-encoded secret)`; None when it is anything else."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(" "), validate=True).decode("utf-8")
        client_id, colon, secret = text.partition(":")
        if not colon or not client_id:
            return None
        return PresentedSecret(_form_decoded(client_id), _form_decoded(secret))
    except (binascii.Error, ValueError):
        return None


def _form_decoded(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")
