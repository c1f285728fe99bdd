"""What a client may do."""

from enum import StrEnum


class Scope(StrEnum):
    """The scopes a client can be registered for."""

    CUSTOMER_MATCH = "customer:match"
    CUSTOMER_REGISTER = "customer:register"
    CUSTOMER_READ = "customer:read"
    CUSTOMER_STEWARD = "customer:steward"
    MATCH_EXPLAIN = "match:explain"
    RECORDS_MEDICAL = "records:medical"
    RECORDS_ELDER_CARE = "records:elder_care"
    RECORDS_FUNERAL = "records:funeral"
    RECORDS_WRITE = "records:write"
    CONSENT_WRITE = "consent:write"
    CHANGES_READ = "changes:read"
    TOKEN_INTROSPECT = "token:introspect"  # noqa: S105 - a scope
    TOKEN_EXCHANGE = "token:exchange"  # noqa: S105
    POLICY_ADMIN = "policy:admin"
    CLIENT_ADMIN = "client:admin"
    DATA_ERASE = "data:erase"
    AUDIT_READ = "audit:read"


class Domain(StrEnum):
    """The domains whose records the Health Data Center holds."""

    MEDICAL = "medical"
    ELDER_CARE = "elder_care"
    FUNERAL = "funeral"


class Purpose(StrEnum):
    """Why records are asked for: HL7 PurposeOfUse, and ours for funeral."""

    TREAT = "TREAT"
    CAREMGT = "CAREMGT"
    HPAYMT = "HPAYMT"
    HOPERAT = "HOPERAT"
    ETREAT = "ETREAT"
    PATRQT = "PATRQT"
    DECEASED_AFFAIRS = "DECEASED-AFFAIRS"
