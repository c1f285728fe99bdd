"""The customer-bound token that a permitted match returns."""

from dataclasses import dataclass

from app.core.access.audience import Audiences
from app.core.access.claims import Claims, CustomerGrant
from app.core.access.lifetimes import customer_token_lifetime
from app.core.access.policy import AccessRequest, Permit
from app.core.access.scope import RECORDS_SCOPES
from app.core.index.customer import Customer
from app.services.access_ports import TokenSigner
from app.services.context import Caller
from app.services.issued_token import IssuedToken, issue_instant
from app.services.ports import Clock, Ids


@dataclass(frozen=True, slots=True)
class GrantRecords:
    """Makes a token bound to partner, customer, domains and purpose. Its event is the access decision's."""

    signer: TokenSigner
    clock: Clock
    ids: Ids
    audiences: Audiences

    def __call__(
        self, caller: Caller, customer: Customer, access: AccessRequest, permit: Permit
    ) -> IssuedToken:
        """The token of a permit. It is the partner's also where the Health Data Center acts for them."""
        issued_at = issue_instant(self.clock.now(), caller.client.not_before, customer.tokens_not_before)
        domains = tuple(dict.fromkeys(access.domains))
        claims = Claims(
            token_id=str(self.ids.uuid()),
            client_id=caller.client.client_id,
            audience=self.audiences.records,
            scopes=frozenset(RECORDS_SCOPES[domain] for domain in domains),
            issued_at=issued_at,
            expires_at=issued_at + customer_token_lifetime(access.purpose),
            actor=caller.claims.actor,
            grant=CustomerGrant(
                customer.customer_id,
                domains,
                access.purpose,
                tuple(sorted(permit.sensitive)),
                tuple(sorted(permit.withheld)),
            ),
            derived_from=caller.claims.lineage,
        )
        return IssuedToken(self.signer.sign(claims), claims)
