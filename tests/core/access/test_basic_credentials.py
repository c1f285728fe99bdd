import base64
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.access.basic_credentials import PresentedSecret, parse_basic

texts = st.text(st.characters(codec="utf-8"), min_size=1)


def _basic(text: str | bytes) -> str:
    content = text.encode() if isinstance(text, str) else text
    return "Basic " + base64.b64encode(content).decode()


@given(client_id=texts, secret=texts)
def test_form_encoded_credentials_come_back_as_they_were(client_id: str, secret: str) -> None:
    header = _basic(f"{quote_plus(client_id)}:{quote_plus(secret)}")
    assert parse_basic(header) == PresentedSecret(client_id, secret)


def test_the_scheme_knows_no_case_and_a_secret_may_hold_colons() -> None:
    assert parse_basic(_basic("a:b:c").replace("Basic", "bASIC")) == PresentedSecret("a", "b:c")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ",
        "Bearer YTpi",
        "Basic YTpi YTpi",
        "Basic YTp",
        "Basic Y*pi",
        "Basic \u4f60",
        _basic("no-colon"),
        _basic(":secret"),
        _basic(b"\xff:b"),
        _basic("a:%ff"),
        "YTpi",
    ],
)
def test_anything_else_is_no_credential(header: str) -> None:
    assert parse_basic(header) is None


def test_a_secret_is_not_shown() -> None:
    assert "hidden" not in repr(PresentedSecret("a", "hidden"))
