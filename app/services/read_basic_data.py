"""Basic data as a source system writes it, understood."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.identity.failure import InvalidElement, InvalidElements
from app.core.index.attributes import Attribute, Verification, read_attributes, read_verification
from app.services.ports import Clock

_TRUE = frozenset({"true", "1", "yes", "y", "是"})
_FALSE = frozenset({"false", "0", "no", "n", "否"})


@dataclass(frozen=True, slots=True)
class BasicData:
    """What is said beside the five; None is "does not say"."""

    deceased: bool | None = None
    verification: Verification | None = None
    attributes: tuple[Attribute, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReadBasicData:
    """Reads what a request or a row of a file says."""

    clock: Clock

    def __call__(
        self, verification: object, attributes: Mapping[str, object] | None, deceased: object = None
    ) -> BasicData:
        """`deceased` may stand among the attributes, too. Raises `InvalidElements`, every failure in it."""
        failures: list[InvalidElement] = []
        level, flag, known = None, None, None
        try:
            level = read_verification(verification)
        except InvalidElement as wrong:
            failures.append(wrong)
        rest = dict(attributes or {})
        flag = _flag(deceased if deceased not in (None, "") else rest.get("deceased"), failures)
        says_more = bool(rest.keys() - {"deceased"}) or (attributes is not None and not rest)
        rest.pop("deceased", None)
        if says_more:
            try:
                known = read_attributes(rest, self.clock.today())
            except InvalidElements as wrong:
                failures.extend(wrong.failures)
        flag = _by_date(flag, known, failures)
        if failures:
            raise InvalidElements(failures)
        return BasicData(flag, level, known)


def _by_date(
    flag: bool | None, known: tuple[Attribute, ...] | None, failures: list[InvalidElement]
) -> bool | None:
    """Who has a date of death is dead."""
    if not any(attribute.field == "deceased_date" for attribute in known or ()):
        return flag
    if flag is False:
        expected = "null for a living person, or deceased true beside it"
        failures.append(InvalidElement("attributes.deceased_date", "contradiction", expected))
    return True


def _flag(value: object, failures: list[InvalidElement]) -> bool | None:
    if value is None or value == "":
        return None
    word = str(value).strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    failures.append(InvalidElement("deceased", "type", "true or false"))
    return None
