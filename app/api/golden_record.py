"""The golden record as one client may see it."""

from collections import defaultdict

from app.api.schemas.elements import ElementsOut
from app.api.schemas.index import AttributeOut, CrossReferenceOut, CustomerOut, ProvenanceOut
from app.core.index.customer import CrossReference
from app.core.index.golden_record import Provenance
from app.services.read_customer import CustomerView

_DOCUMENT = ("id_type", "id_number")


def customer_out(view: CustomerView) -> CustomerOut:
    """A customer on the wire."""
    golden = view.golden
    attributes: dict[str, list[AttributeOut]] = defaultdict(list)
    for best in golden.attributes:
        value = best.attribute
        shown = AttributeOut(value=value.value, kind=value.kind, provenance=_provenance(best.provenance))
        attributes[value.field].append(shown)
    return CustomerOut(
        customer_id=view.customer_id,
        elements=ElementsOut.of(golden.elements),
        deceased=golden.deceased,
        attributes=dict(attributes),
        provenance={
            name: _provenance(of)
            for of in golden.provenance
            for name in (_DOCUMENT if of.field == "document" else (of.field,))
        },
        cross_references=[reference_out(reference) for reference in view.cross_references],
    )


def reference_out(reference: CrossReference) -> CrossReferenceOut:
    """A cross-reference on the wire."""
    return CrossReferenceOut(
        source_system=reference.local.source_system,
        local_id=reference.local.local_id,
        customer_id=reference.customer_id,
    )


def _provenance(of: Provenance) -> ProvenanceOut:
    return ProvenanceOut.model_validate(
        {
            "source_system": of.source.source_system,
            "local_id": of.source.local_id,
            "at": of.at,
            "verification": of.verification,
            "rule": of.rule,
        }
    )
