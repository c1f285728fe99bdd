"""The use cases that answer "who is this?"."""

from app.adapters.crypto.digest import KeyedDigest
from app.bootstrap.access import deciding
from app.bootstrap.ground import Ground
from app.services.grant_records import GrantRecords
from app.services.match_batch import MatchBatch
from app.services.match_customer import MatchCustomer
from app.services.notice_probing import NoticeProbing


def matching(ground: Ground, grant: GrantRecords, probing: NoticeProbing) -> tuple[MatchCustomer, MatchBatch]:
    """One by one, with access; and many at once."""
    units, resolver, deny, scribe = ground.units, ground.resolver, ground.deny, ground.scribe
    digest = KeyedDigest(ground.keys.digest)
    return (
        MatchCustomer(units, resolver, deciding(ground), grant, deny, digest, scribe, probing),
        MatchBatch(units, resolver, deny, digest, scribe, probing),
    )
