"""What of a row can be registered: an element that is not there is not one that is not known."""

import pytest

from app.core.identity.failure import InvalidElements
from app.services.read_basic_data import BasicData
from app.services.read_row import ELEMENTS, read_row

PERSON = {
    "name": "王丽华",
    "gender": "女",
    "birth_date": "1980-02-29",
    "id_type": "01",
    "id_number": "110101198002290026",
}


def no_basic_data(*_: object) -> BasicData:
    return BasicData()


def read(row: dict[str, object]) -> list[str | None]:
    given = read_row({"local_id": "P1", **row}, "medical", no_basic_data).given  # type: ignore[arg-type]
    return [getattr(given, field) for field in ELEMENTS]


@pytest.mark.parametrize("row", [{**PERSON, "remark": 1}, {"elements": {**PERSON, "remark": 1}, "x": None}])
def test_the_five_stand_flat_or_under_elements(row: dict[str, object]) -> None:
    assert read(row) == list(PERSON.values())


@pytest.mark.parametrize("unknown", [None, ""])
def test_what_is_not_known_is_said(unknown: str | None) -> None:
    assert read(dict.fromkeys(ELEMENTS, unknown)) == [None] * 5


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("field", ELEMENTS)
def test_a_row_that_lacks_a_key_is_rejected(field: str, nested: bool) -> None:
    rest: dict[str, object] = {name: value for name, value in PERSON.items() if name != field}
    with pytest.raises(InvalidElements) as caught:
        read({"elements": rest} if nested else rest)
    assert [(f.field, f.code) for f in caught.value.failures] == [(field, "missing")]
