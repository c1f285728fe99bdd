"""What the thresholds in force do, and what others would, on recent reviews."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.index.customer import ReviewedPair
from app.core.matching.model import Model
from app.services.ports import Units

RECENT = 1000


@dataclass(frozen=True, slots=True)
class WeighThresholds:
    """The model in force, and the newest reviews as scores without people; reading them is no event."""

    units: Units
    model: Model

    async def __call__(self) -> Sequence[ReviewedPair]:
        """The newest reviews. Raises `StorageUnavailable`."""
        async with self.units() as unit:
            return await unit.activity.recent_reviews(RECENT)
