"""A policy set from a TOML file: a shipped one by its name, or the installation's own."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from app.core.access.policy import PolicySet
from app.core.access.policy_document import Fault, InvalidPolicy, read_policy

SHIPPED = ("default", "strict")
_VERSION_DIGITS = 12
_RULE = "[[rules]]"


class UnusablePolicy(ValueError):  # noqa: N818 - says what is wrong with the file
    """A policy set that cannot be used; the message has a line for each fault: line, rule, field."""


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A set with the text it was read from."""

    policy: PolicySet
    text: str


def load_policy(which: str | Path) -> LoadedPolicy:
    """The shipped set of that name, or the set of that file. Raises `UnusablePolicy`, `OSError`."""
    if isinstance(which, Path):
        return parse_policy(which.read_bytes())
    return parse_policy(files("app.adapters.reference").joinpath(f"policies/{which}.toml").read_bytes())


@lru_cache(8)  # a start reads the shipped sets several times
def parse_policy(content: bytes) -> LoadedPolicy:
    """The set of a file's content, versioned by its SHA-256; line endings make no difference.

    Raises `UnusablePolicy`.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        document = tomllib.loads(text)
    except UnicodeDecodeError:
        raise UnusablePolicy("a policy set is a TOML file in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UnusablePolicy(f"not TOML: {error}") from None
    try:
        return LoadedPolicy(read_policy(document, sha256(text.encode()).hexdigest()[:_VERSION_DIGITS]), text)
    except InvalidPolicy as invalid:
        raise UnusablePolicy("\n".join(_told(fault, text) for fault in invalid.faults)) from None


def _told(fault: Fault, text: str) -> str:
    if fault.rule is None:
        return f"{fault.field}: {fault.expected}"
    starts = [number for number, line in enumerate(text.split("\n"), 1) if line.strip().startswith(_RULE)]
    where = f"line {starts[fault.rule - 1]}, " if fault.rule <= len(starts) else ""
    return f"{where}rule {fault.rule}: {fault.field}: {fault.expected}"
