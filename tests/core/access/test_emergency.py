from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.core.access.emergency import EmergencyAccess

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("actor", "asks", "own"),
    [
        (None, "hospital", True),
        (None, "officer", False),
        ("hdc", "hospital", True),
        ("hdc", "hdc", True),
        ("hdc", "officer", False),
    ],
)
def test_an_access_is_of_who_had_it_and_of_who_spoke_for_them(
    actor: str | None, asks: str, own: bool
) -> None:
    access = EmergencyAccess(
        event_id=UUID(int=1),
        at=NOW,
        client_id="hospital",
        actor=actor,
        customer_id="CM1",
        domains=("medical",),
    )
    assert access.is_of(asks) is own
