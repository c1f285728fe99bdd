"""The use cases of policy and consent."""

from app.adapters.reference.policy import SHIPPED, UnusablePolicy, load_policy, parse_policy
from app.api.container import AccessServices
from app.bootstrap.ground import Ground
from app.core.access.policy import PolicySet
from app.services.decide_access import DecideAccess
from app.services.explain_decision import ExplainDecision
from app.services.manage_consents import ManageConsents
from app.services.record_policy import RecordPolicy
from app.services.review_emergencies import ReviewEmergencies
from app.services.verified_tokens import VerifiedTokens


def deciding(ground: Ground) -> DecideAccess:
    """Decides by the set in force."""
    return DecideAccess(ground.policy.policy, ground.resolver, ground.clock)


def explaining(ground: Ground) -> ExplainDecision:
    """Explains past decisions: by the set in force, by those that we ship, and by those that were kept."""
    shipped = [load_policy(name).policy for name in SHIPPED]
    return ExplainDecision(ground.units, ground.scribe, [ground.policy.policy, *shipped], _read_kept)


def recording_policy(ground: Ground) -> RecordPolicy:
    """Records that the set is in force."""
    loaded = ground.policy
    return RecordPolicy(ground.units, ground.operator_log, loaded.policy.version, loaded.text)


def _read_kept(text: str) -> PolicySet | None:
    """A set as it was kept; None where this version of the program does not read it any more."""
    try:
        return parse_policy(text.encode()).policy
    except UnusablePolicy:
        return None


def access_services(ground: Ground, verified: VerifiedTokens) -> AccessServices:
    """What the routes of policy and consent call."""
    return AccessServices(
        policy=ground.policy.policy,
        explain=explaining(ground),
        emergencies=ReviewEmergencies(ground.units, ground.scribe, ground.deny),
        consents=ManageConsents(ground.units, ground.deny, ground.scribe, ground.clock, ground.ids, verified),
    )
