"""The value two records must share to be compared at all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlockingKey:
    """`rule` names the blocking rule, `value` what must be equal; adapters keep a keyed hash of both."""

    rule: str
    value: str
