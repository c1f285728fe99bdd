"""The use cases of policy and consent."""

from app.api.container import AccessServices
from app.bootstrap.ground import Ground
from app.bootstrap.policy import explaining
from app.services.decide_access import DecideAccess
from app.services.manage_consents import ManageConsents
from app.services.review_emergencies import ReviewEmergencies
from app.services.verified_tokens import VerifiedTokens


def deciding(ground: Ground) -> DecideAccess:
    """Decides by the set in force."""
    return DecideAccess(ground.policy.policy, ground.resolver, ground.clock)


def access_services(ground: Ground, verified: VerifiedTokens) -> AccessServices:
    """What the routes of policy and consent call."""
    return AccessServices(
        policy=ground.policy.policy,
        explain=explaining(ground),
        emergencies=ReviewEmergencies(ground.units, ground.scribe, ground.deny),
        consents=ManageConsents(ground.units, ground.deny, ground.scribe, ground.clock, ground.ids, verified),
    )
