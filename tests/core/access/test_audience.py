import pytest

from app.core.access.audience import audiences

ISSUER, HDC = "https://cdc.example", "https://hdc.example/api"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (None, ISSUER),
        (ISSUER, ISSUER),
        (ISSUER + "/", ISSUER),
        (HDC, HDC),
        (HDC + "/", HDC),
        (HDC + "//", None),
        ("https://hdc.example", None),
        ("https://cdc.example/records", None),
        ("HTTPS://CDC.EXAMPLE", None),
        ("", None),
    ],
)
def test_a_resource_names_one_audience_or_none(resource: str | None, expected: str | None) -> None:
    assert audiences(ISSUER, HDC).for_resource(resource) == expected


def test_the_three_audiences_differ_and_know_no_trailing_slash() -> None:
    known = audiences(ISSUER + "/", HDC + "/")
    assert known.every == {ISSUER, ISSUER + "/records", HDC}
