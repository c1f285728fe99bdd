"""A policy set as a document that people write: what may stand in it, and every fault by rule and field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.access.policy import Condition, Obstacle, PolicySet, Rule
from app.core.access.record_kinds import KINDS, RecordKind
from app.core.access.scope import Domain, Purpose

_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_OWN = "own"
_NEEDED = ("code", "says", "law", "clients", "records", "purposes", "adult", "minor", "deceased", "sensitive")
_ALLOWED = frozenset((*_NEEDED, "kinds", "emergency"))
MOST_RULES = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `rule` counts from 1; None is the document itself."""

    rule: int | None
    field: str
    expected: str


class InvalidPolicy(ValueError):  # noqa: N818 - says what is wrong with the document
    """A policy set that cannot be used: every fault in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{f.rule or 'document'}: {f.field}: {f.expected}" for f in faults))
        self.faults = tuple(faults)


def read_policy(document: Mapping[str, Any], version: str) -> PolicySet:
    """The set of a document `{name, title, rules: [{code, …}]}`. Raises `InvalidPolicy`."""
    faults = list(_faults_of_document(document))
    if faults:
        raise InvalidPolicy(faults)
    rules = document["rules"]
    for place, rule in enumerate(rules, 1):
        faults += [Fault(place, *found) for found in _faults_of_rule(rule)]
    if not faults:
        read = tuple(map(_rule, rules))
        faults += _faults_between(read)
    if faults:
        raise InvalidPolicy(faults)
    return PolicySet(document["name"], document["title"], f"{document['name']}-{version}", read)


def _faults_of_document(document: Mapping[str, Any]) -> Iterator[Fault]:
    for unknown in sorted(document.keys() - {"name", "title", "rules"}):
        yield Fault(None, unknown, "no such field; a set has name, title and rules")
    name = document.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield Fault(None, "name", "1 to 32 of a-z, 0-9 and -, beginning with a letter")
    if not _is_text(document.get("title")):
        yield Fault(None, "title", "what the set does, in one sentence")
    rules = document.get("rules")
    if not isinstance(rules, list) or not 1 <= len(rules) <= MOST_RULES:
        yield Fault(None, "rules", f"1 to {MOST_RULES} rules, each beginning with [[rules]]")
    elif not all(isinstance(rule, dict) for rule in rules):
        yield Fault(None, "rules", "tables, each beginning with [[rules]]")


def _faults_of_rule(rule: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for unknown in sorted(rule.keys() - _ALLOWED):
        yield unknown, f"no such field; a rule has {', '.join(_NEEDED)}, and may have kinds and emergency"
    for missing in (name for name in _NEEDED if name not in rule):
        yield missing, "is missing"
    code = rule.get("code")
    if "code" in rule and not (isinstance(code, str) and _CODE.fullmatch(code)):
        yield "code", "1 to 64 of a-z, 0-9 and _, beginning with a letter"
    if code in set(Obstacle):
        yield "code", "another word: this one names an obstacle"
    for name in ("says", "law"):
        if name in rule and not _is_text(rule[name]):
            yield name, "a text that says something"
    yield from _faults_of_words(rule)


def _faults_of_words(rule: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, words in (("clients", Domain), ("purposes", Purpose)):
        if name in rule and not _are_words(rule[name], words):
            yield name, f"a list of {', '.join(words)}, each once"
    if "records" in rule and rule["records"] != _OWN and not _are_words(rule["records"], Domain):
        yield "records", f"'{_OWN}', or a list of {', '.join(Domain)}, each once"
    for name in ("adult", "minor", "deceased", "sensitive"):
        if name in rule and rule[name] not in set(Condition):
            yield name, f"one of {', '.join(Condition)}"
    if "kinds" in rule and not _are_words(rule["kinds"], RecordKind):
        yield "kinds", f"a list of {', '.join(RecordKind)}, each once; or no such field for all of them"
    if not isinstance(rule.get("emergency", False), bool):
        yield "emergency", "true or false"


def _faults_between(rules: Sequence[Rule]) -> Iterator[Fault]:
    """What is wrong with rules that can be read."""
    for place, rule in enumerate(rules, 1):
        before = rules[: place - 1]
        if rule.code in {other.code for other in before}:
            yield Fault(place, "code", "another word: an earlier rule has this one")
        if (Purpose.ETREAT in rule.purposes) != rule.emergency:
            yield Fault(place, "emergency", "true where the purposes hold ETREAT, and only there")
        if rule.emergency and len(rule.purposes) > 1:
            yield Fault(place, "purposes", "ETREAT alone in an emergency rule")
        for domain in sorted(_domains(rule)):
            if rule.kinds and not rule.kinds & set(KINDS[domain]):
                yield Fault(place, "kinds", f"at least one kind of {domain}, which the rule opens")
        if not any(True for _ in _reached(rule, before)):
            yield Fault(place, "clients", "something that earlier rules leave: they cover all of this one")


def _reached(rule: Rule, before: Sequence[Rule]) -> Iterator[tuple[Domain, Domain, Purpose]]:
    """What the rule decides, since no earlier one does."""
    for client in rule.clients:
        for record in Domain:
            for purpose in rule.purposes:
                asked = (client, record, purpose)
                if rule.covers(*asked) and not any(other.covers(*asked) for other in before):
                    yield asked


def _domains(rule: Rule) -> frozenset[Domain]:
    return rule.clients if rule.records is None else rule.records


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_words(value: object, words: type[StrEnum]) -> bool:
    known = set(words)
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(word, str) and word in known for word in value)
        and len(set(value)) == len(value)
    )


def _rule(rule: Mapping[str, Any]) -> Rule:
    records: AbstractSet[str] | None = None if rule["records"] == _OWN else frozenset(rule["records"])
    return Rule(
        code=rule["code"],
        says=" ".join(rule["says"].split()),
        law=" ".join(rule["law"].split()),
        clients=frozenset(map(Domain, rule["clients"])),
        records=None if records is None else frozenset(map(Domain, records)),
        purposes=frozenset(map(Purpose, rule["purposes"])),
        adult=Condition(rule["adult"]),
        minor=Condition(rule["minor"]),
        deceased=Condition(rule["deceased"]),
        sensitive=Condition(rule["sensitive"]),
        kinds=frozenset(map(RecordKind, rule.get("kinds", ()))),
        emergency=rule.get("emergency", False),
    )
