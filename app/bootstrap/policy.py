"""The set of policies that is in force, and what was decided by earlier ones."""

from app.adapters.reference.policy import SHIPPED, UnusablePolicy, load_policy, parse_policy
from app.bootstrap.ground import Ground
from app.core.access.policy import PolicySet
from app.services.explain_decision import ExplainDecision
from app.services.record_policy import RecordPolicy


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
