"""The use cases of policy and consent."""

from app.api.container import AccessServices
from app.bootstrap.ground import Ground
from app.services.decide_access import DecideAccess
from app.services.manage_consents import ManageConsents
from app.services.verified_tokens import VerifiedTokens


def deciding(ground: Ground) -> DecideAccess:
    """Decides by the set in force."""
    return DecideAccess(ground.policy.policy, ground.resolver, ground.clock)


def access_services(ground: Ground, verified: VerifiedTokens) -> AccessServices:
    """What the routes of policy and consent call."""
    return AccessServices(
        consents=ManageConsents(ground.units, ground.deny, ground.scribe, ground.clock, ground.ids, verified),
    )
