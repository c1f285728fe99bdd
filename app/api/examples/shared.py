"""What several examples speak of. All people are invented."""

from collections.abc import Mapping

Examples = Mapping[str, Mapping[str, Mapping[str, object]]]
"""Operation → "request" or a status, with a media type where there are several → name → value."""

CDC = "https://cdc.example.org"
HDC = "https://hdc.example.org"
CUSTOMER = "CM6SC7N75YR3HGA9TO"
OTHER_CUSTOMER = "C87CT0Z2NWASZG6B0A"
MATCH = "01a20059-624a-7cf3-8ed3-e39f3841bcc3"
MODEL = "2026.11.2"
TOKEN = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJob3NwaXRhbCJ9.c2lnbmF0dXJl"  # noqa: S105
SECRET = "the-secret-that-was-shown-once"  # noqa: S105
PERSON = {
    "name": "王丽华",
    "gender": "female",
    "birth_date": "1980-02-29",
    "id_type": "resident_id_card",
    "id_number": "110101198002290026",
}
