"""Two people's elements side by side, character by character, masked or in clear."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.redaction import mask_date, mask_name, mask_number
from app.core.matching.alignment import Agreement, align


@dataclass(frozen=True, slots=True)
class Person:
    """The five elements as written and as understood."""

    given: GivenElements
    elements: IdentityElements


@dataclass(frozen=True, slots=True)
class Character:
    """One place of a line: what is shown there, "" for nothing, and how it agrees with the other side's."""

    shown: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Line:
    """One element on both sides; a side without it is empty. `plain`: a word of a list (gender, ID type), to
    be put in the reader's language, and compared as a whole."""

    element: str
    left: tuple[Character, ...]
    right: tuple[Character, ...]
    plain: bool = False

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return all(c.agreement is Agreement.SAME for c in self.left)


@dataclass(frozen=True, slots=True)
class _Text:
    """An element of one side: as shown in clear, masked, and as compared; each as long as the others."""

    clear: str
    masked: str
    key: str


def side_by_side(left: Person, right: Person, *, clear: bool) -> tuple[Line, ...]:
    """The five elements, one a line."""
    return (
        _line("name", _name(left), _name(right), clear),
        _whole("gender", left.given.gender, right.given.gender, left.elements.gender, right.elements.gender),
        _line("birth_date", _birth_date(left), _birth_date(right), clear),
        _whole("id_type", left.given.id_type, right.given.id_type, *_kinds(left, right)),
        _line("id_number", _number(left), _number(right), clear),
    )


def shown(person: Person, *, clear: bool) -> GivenElements:
    """The five for display: as understood where they are, masked unless `clear`."""

    def text(of: _Text | None) -> str | None:
        return None if of is None else of.clear if clear else of.masked

    kind = person.elements.document.declared if person.elements.document else person.given.id_type
    return GivenElements(
        text(_name(person)),
        person.elements.gender or person.given.gender,
        text(_birth_date(person)),
        kind,
        text(_number(person)),
    )


def _line(element: str, left: _Text | None, right: _Text | None, clear: bool) -> Line:
    if left is None or right is None:
        return Line(element, tuple(_alone(left, clear)), tuple(_alone(right, clear)))
    a, b = (left.clear, right.clear) if clear else (left.masked, right.masked)
    steps = align(left.clear, right.clear, left.key, right.key)
    return Line(
        element,
        tuple(Character("" if s.left is None else a[s.left], s.agreement) for s in steps),
        tuple(Character("" if s.right is None else b[s.right], s.agreement) for s in steps),
    )


def _alone(text: _Text | None, clear: bool) -> Iterator[Character]:
    """What there is nothing to compare with."""
    if text is not None:
        yield from (Character(c, Agreement.ONE_SIDED) for c in (text.clear if clear else text.masked))


def _whole(element: str, left: str | None, right: str | None, a: str | None, b: str | None) -> Line:
    """`a` and `b` as understood."""
    one, other = a or left, b or right
    if not one or not other:
        agreement = Agreement.ONE_SIDED
    else:
        agreement = Agreement.SAME if one == other else Agreement.DIFFERENT
    sides = (() if not text else (Character(str(text), agreement),) for text in (one, other))
    return Line(element, next(sides), next(sides), plain=True)


def _kinds(left: Person, right: Person) -> tuple[str | None, str | None]:
    found = [p.elements.document.id_type if p.elements.document else None for p in (left, right)]
    return found[0], found[1]


def _name(person: Person) -> _Text | None:
    text, name = (person.given.name or "").strip(), person.elements.name
    if not text:
        return None
    surname = len(name.surname) if name is not None and name.surname else 1
    folded = name.folded if name is not None else text.casefold()
    return _Text(text, mask_name(text, surname), folded)


def _birth_date(person: Person) -> _Text | None:
    born = person.elements.birth_date
    text = born.isoformat() if born is not None else (person.given.birth_date or "").strip()
    if not text:
        return None
    masked = mask_date(text)
    return _Text(text, masked if len(masked) == len(text) else "*" * len(text), text)


def _number(person: Person) -> _Text | None:
    text = "".join(c for c in person.given.id_number or "" if c.isalnum())
    return _Text(text, mask_number(text), text.casefold()) if text else None
