"""The use cases of policy and consent."""

from app.bootstrap.ground import Ground
from app.services.decide_access import DecideAccess


def deciding(ground: Ground) -> DecideAccess:
    """Decides by the set in force."""
    return DecideAccess(ground.policy.policy, ground.resolver, ground.clock)
