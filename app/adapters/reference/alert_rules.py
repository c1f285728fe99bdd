"""Alert rules from a JSON file: the shipped one, or the installation's own."""

from collections.abc import Collection, Mapping
from datetime import time, timedelta
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import orjson

from app.core.audit.alert import AlertRules, Pace, Probing, Severity, Subject, Threshold, Watch
from app.core.audit.event import Kind

MOST_SECONDS = 7 * 24 * 3600
"""The longest window of a rule."""
_MOST = 10**9
_PROBING = {"misses", "people_with_one_number", "numbers_with_one_person", "paces"}
_REQUIRED = {"code", "severity", "subjects", "kinds", "least", "seconds"}
_OPTIONAL = {"outcomes", "purposes", "distinct", "between"}

_Word = TypeVar("_Word", bound=StrEnum)


class InvalidAlertRules(ValueError):  # noqa: N818 - names what is wrong with the file
    """A file of alert rules that cannot be used; says where, and what would be right."""


def load_shipped_alert_rules() -> AlertRules:
    """What docs/alerts.md describes."""
    return parse_alert_rules(files("app.adapters.reference").joinpath("data/alert_rules.json").read_bytes())


def load_alert_rules(path: Path) -> AlertRules:
    """The rules of a file. Raises `InvalidAlertRules`, `OSError`."""
    return parse_alert_rules(path.read_bytes())


def parse_alert_rules(text: bytes) -> AlertRules:
    """`{"probing": {…}, "watches": […]}` as the shipped file has them. Raises `InvalidAlertRules`."""
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise InvalidAlertRules("alert rules must be one JSON object") from None
    rules = _members("the file", given, {"probing", "watches"})
    watches = tuple(_watch(f"watches[{n}]", w) for n, w in enumerate(_list("watches", rules["watches"])))
    codes = [watch.code for watch in watches]
    if len(set(codes)) < len(codes):
        raise InvalidAlertRules("alert rules: watches must have different codes")
    return AlertRules(_probing(rules["probing"]), watches)


def _probing(given: Any) -> Probing:
    rules = _members("probing", given, _PROBING)
    misses = _members("probing.misses", rules["misses"], {"least", "seconds", "share"})
    share = misses.pop("share")
    if not isinstance(share, float | int) or not 0 <= share <= 1:
        raise InvalidAlertRules("alert rules: probing.misses.share must be a number from 0 to 1")
    paces = tuple(_pace(f"probing.paces[{n}]", p) for n, p in enumerate(_list("paces", rules["paces"])))
    return Probing(
        _threshold("probing.misses", misses),
        float(share),
        _threshold("probing.people_with_one_number", rules["people_with_one_number"]),
        _threshold("probing.numbers_with_one_person", rules["numbers_with_one_person"]),
        paces,
    )


def _threshold(where: str, given: Any) -> Threshold:
    found = _members(where, given, {"least", "seconds"})
    return Threshold(
        _number(f"{where}.least", found["least"]), _number(f"{where}.seconds", found["seconds"], MOST_SECONDS)
    )


def _pace(where: str, given: Any) -> Pace:
    names = ("requests", "seconds", "for_seconds")
    found = _members(where, given, set(names))
    return Pace(*(_number(f"{where}.{name}", found[name], MOST_SECONDS) for name in names))


def _watch(where: str, given: Any) -> Watch:
    found = _members(where, given, _REQUIRED, _OPTIONAL)
    code = found["code"]
    if not isinstance(code, str) or not code.isidentifier() or len(code) > 64:
        raise InvalidAlertRules(f"alert rules: {where}.code must be at most 64 letters, digits and _")
    distinct = found.get("distinct")
    return Watch(
        code=code,
        severity=_word(f"{where}.severity", found["severity"], Severity),
        subjects=_words(f"{where}.subjects", found["subjects"], Subject),
        kinds=_words(f"{where}.kinds", found["kinds"], Kind),
        least=_number(f"{where}.least", found["least"]),
        window=timedelta(seconds=_number(f"{where}.seconds", found["seconds"], MOST_SECONDS)),
        outcomes=_texts(f"{where}.outcomes", found.get("outcomes", [])),
        purposes=_texts(f"{where}.purposes", found.get("purposes", [])),
        distinct=_word(f"{where}.distinct", distinct, Subject) if distinct is not None else None,
        between=_between(f"{where}.between", found["between"]) if "between" in found else None,
    )


def _between(where: str, given: Any) -> tuple[time, time]:
    try:
        start, end = (time.fromisoformat(text) for text in given)
    except (ValueError, TypeError):
        raise InvalidAlertRules(
            f'alert rules: {where} must be two times, such as ["22:00", "06:00"]'
        ) from None
    return start, end


def _members(
    where: str, given: Any, required: Collection[str], optional: Collection[str] = ()
) -> dict[str, Any]:
    if not isinstance(given, Mapping) or not set(required) <= given.keys() <= {*required, *optional}:
        may = f", and may have {', '.join(sorted(optional))}" if optional else ""
        raise InvalidAlertRules(f"alert rules: {where} must have {', '.join(sorted(required))}{may}")
    return dict(given)


def _list(where: str, given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise InvalidAlertRules(f"alert rules: {where} must be a list")
    return given


def _number(where: str, given: Any, most: int = _MOST) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= most:
        raise InvalidAlertRules(f"alert rules: {where} must be a whole number from 1 to {most}")
    return given


def _texts(where: str, given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(text, str) and text for text in given):
        raise InvalidAlertRules(f"alert rules: {where} must be a list of words")
    return tuple(given)


def _word(where: str, given: Any, among: type[_Word]) -> _Word:
    try:
        return among(given)
    except ValueError:
        raise InvalidAlertRules(f"alert rules: {where} must be of {', '.join(among)}") from None


def _words(where: str, given: Any, among: type[_Word]) -> tuple[_Word, ...]:
    found = tuple(_word(where, text, among) for text in _texts(where, given))
    if not found:
        raise InvalidAlertRules(f"alert rules: {where} must name at least one")
    return found
