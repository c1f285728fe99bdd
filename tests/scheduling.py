"""Who runs which tests, where several processes (xdist's workers) share the work.

What starts whole processes takes longest and begins first: no worker is left alone with it at the end.
"""

from collections.abc import Sequence

import pytest
from xdist.scheduler import LoadScopeScheduling

_TOGETHER = ("tests/demo/", "tests/end_to_end/test_roads.py", "tests/adapters/linkage/test_training.py")
"""Tests that share what takes long to make: one worker makes it for all of them."""
_LONG = (*_TOGETHER, "tests/end_to_end/", "tests/adapters/linkage/", "tests/log_verifier/")


class SharedWork(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands out test by test, but at once what shares."""

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in _TOGETHER if nodeid.startswith(place)), nodeid)


def longest_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """In order otherwise."""
    return sorted(items, key=lambda item: not item.nodeid.startswith(_LONG))
