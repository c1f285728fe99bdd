"""Birth dates as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identity.dates import parse_birth_date
from app.core.identity.failure import InvalidElement

TODAY = date(2026, 11, 21)
LEAP_DAY = date(1980, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        "1980-02-29",
        "19800229",
        "1980/2/29",
        "1980/02/29",
        "1980.2.29",
        "1980年2月29日",
        "1980年02月29号",
        "１９８０－０２－２９",
        "１９８０年２月２９日",
        " 1980-02-29 ",
        "1980 - 02 - 29",
        "1980 年 2 月 29 日",
        "1980–02–29",
        "1980-02-29T00:00:00",
        "1980-02-29T00:00:00.000Z",
        "1980-02-29 12:30",
        "1980-02-29t08:00:00+08:00",
        "19800229 00:00:00",
        "19800229.0",
        "29 FEB 1980",
        "29-Feb-1980",
        "29 2月/FEB 1980",
        "February 29, 1980",
        "民國69年2月29日",
        "民国69年02月29日",
        "一九八〇年二月二十九日",
        "一九八零年二月廿九日",
    ],
)
def test_every_usual_way_of_writing_is_read(text: str) -> None:
    assert parse_birth_date(text, TODAY) == LEAP_DAY


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "无",
        "不详",
        "未知",
        "N/A",
        "null",
        "-",
        "0000-00-00",
        "00000000",
        "1980-00-00",
        "1980-02-00",
        "1900-01-01",
        "1800-01-01",
        "1753-01-01",
        "0001-01-01",
        "9999-12-31",
        "99999999",
        "1111-11-11",
        "1899-12-30",
    ],
)
def test_words_for_unknown_and_default_dates_are_missing(text: str | None) -> None:
    assert parse_birth_date(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1980-02-30", "no_such_day"),
        ("1981-02-29", "no_such_day"),
        ("1980-13-01", "no_such_day"),
        ("2026-11-22", "in_the_future"),
        ("2199-01-01", "in_the_future"),
        ("1875-12-31", "too_long_ago"),
        ("80-02-29", "unreadable_date"),
        ("1980", "unreadable_date"),
        ("1980-02", "unreadable_date"),
        ("1980-2/29", "unreadable_date"),
        ("29/02/1980", "unreadable_date"),
        ("正月初五", "unreadable_date"),
        ("一九八〇年正月初五", "unreadable_date"),
        ("一九八〇年二月卅十日", "unreadable_date"),
        ("一九八〇年二月三十日", "no_such_day"),
        ("30 FEB 1980", "no_such_day"),
        ("1980-02-29; DROP", "unreadable_date"),
        ("1980-02-29\x00", "unreadable_date"),
        ("\ud800", "unreadable_date"),
        ("٣-٣-٣", "unreadable_date"),
    ],
)
def test_what_cannot_be_a_birth_date_is_named(text: str, code: str) -> None:
    with pytest.raises(InvalidElement) as caught:
        parse_birth_date(text, TODAY)
    assert (caught.value.field, caught.value.code) == ("birth_date", code)


def test_a_newborn_of_today_is_not_in_the_future() -> None:
    assert parse_birth_date("2026-11-21", TODAY) == TODAY


def test_the_unix_epoch_is_a_birthday() -> None:
    assert parse_birth_date("1970-01-01", TODAY) == date(1970, 1, 1)


@given(
    born=st.dates(date(1900, 1, 2), TODAY),
    form=st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y年%m月%d日"]),
)
def test_every_day_survives_every_form(born: date, form: str) -> None:
    assert parse_birth_date(born.strftime(form), TODAY) == born


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_missing_or_refused(text: str) -> None:
    try:
        born = parse_birth_date(text, TODAY)
    except InvalidElement:
        return
    assert born is None or born <= TODAY


@given(text=st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"))
def test_a_plain_date_is_read_as_one_with_a_space_behind(text: str) -> None:
    def read(written: str) -> date | str | None:
        try:
            return parse_birth_date(written, TODAY)
        except InvalidElement as failure:
            return failure.code

    assert read(text) == read(f"{text} ")
