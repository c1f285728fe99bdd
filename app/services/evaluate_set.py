"""A labelled set, registered and asked for in memory by the very rules of the service, and judged."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.failure import InvalidElements
from app.core.index.linking import Link, decide_link
from app.core.matching.answer import Answer, Candidates, KnownCustomer, KnownRecord
from app.core.matching.blocking import blocking_keys, probe_keys
from app.core.matching.blocking_key import BlockingKey
from app.core.matching.evaluation import Expect, Judgement, judge, unreadable
from app.services.resolver import Resolver

WORST_KEPT = 200

Person = tuple[str, str]
"""Who a record is truly of: source system and local ID of their first record."""


@dataclass(frozen=True, slots=True)
class LabelledRecord:
    """A stored record with its truth. `expect` says whether it should be linked to the person's first one."""

    person: Person
    given: GivenElements
    expect: Expect = Expect.SAME


@dataclass(frozen=True, slots=True)
class Probe:
    """A question with its right answer; `person` None: nobody is right."""

    probe_id: str
    kind: str
    expect: Expect
    person: Person | None
    given: GivenElements


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """People (each another person), second records of the same people, and questions."""

    people: Iterable[LabelledRecord]
    second_records: Iterable[LabelledRecord]
    probes: Iterable[Probe]


@dataclass(frozen=True, slots=True)
class Registration:
    """What registering came to. `false_merges` counts people beyond the first in one customer."""

    people: int
    rejected: int
    false_merges: int
    linked_to_a_stranger: int
    second_linked: Mapping[Expect, float]


@dataclass(frozen=True, slots=True)
class JudgedProbe:
    """A probe whose answer could have been better, with the answer. Holds personal data."""

    probe: Probe
    judgement: Judgement
    answer: Answer | None
    truth: frozenset[str]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All of it. `worst` are the gravest errors first, at most `WORST_KEPT`; `candidates` the number of
    customers compared with, a probe."""

    registration: Registration
    judgements: tuple[Judgement, ...]
    worst: tuple[JudgedProbe, ...]
    candidates: tuple[int, ...]


@dataclass(slots=True)
class _Index:
    """Customers by blocking key, in memory; a bucket is read as far as the service reads one."""

    resolver: Resolver
    bucket_limit: int
    members: dict[str, list[KnownRecord]] = field(default_factory=lambda: defaultdict(list))
    buckets: dict[BlockingKey, list[str]] = field(default_factory=lambda: defaultdict(list))

    def candidates(self, elements: IdentityElements) -> Candidates:
        """Who shares a key, as the store finds them: of too large a bucket no more than is read."""
        found: set[str] = set()
        cut: set[str] = set()
        for key in probe_keys(elements):
            bucket = self.buckets.get(key, ())
            found.update(bucket[: self.bucket_limit])
            if len(bucket) > self.bucket_limit:
                cut.add(key.rule)
        customers = (KnownCustomer(c, tuple(self.members[c])) for c in sorted(found))
        return Candidates(tuple(customers), tuple(sorted(cut)))

    def register(self, given: GivenElements) -> str:
        """The customer a record goes to, new or known."""
        elements = self.resolver.understand(given)
        decision = decide_link(self.resolver.resolve(elements, self.candidates(elements)))
        customer = decision.customer_id if isinstance(decision, Link) else f"C{len(self.members):08d}"
        self.members[customer].append(KnownRecord(given, elements))
        for key in blocking_keys(elements):
            self.buckets[key].append(customer)
        return customer


@dataclass(frozen=True, slots=True)
class EvaluateSet:
    """Registers a set and asks its probes; nothing is stored. `step` is called once a row."""

    resolver: Resolver
    bucket_limit: int

    def __call__(self, labelled: LabelledSet, step: Callable[[], None]) -> Evaluation:
        """Evaluates; what is refused as bad input is counted, never raised."""
        index = _Index(self.resolver, self.bucket_limit)
        owners: dict[Person, set[str]] = defaultdict(set)
        registration = _register(labelled, index, owners, step)
        judged: list[JudgedProbe] = []
        judgements: list[Judgement] = []
        sizes: list[int] = []
        for probe in labelled.probes:
            one = self._ask(probe, index, owners, sizes)
            judgements.append(one.judgement)
            if one.judgement.is_error:
                judged.append(one)
            step()
        judged.sort(key=lambda j: (-j.judgement.severity, j.probe.kind, j.probe.probe_id))
        return Evaluation(registration, tuple(judgements), tuple(judged[:WORST_KEPT]), tuple(sizes))

    def _ask(
        self, probe: Probe, index: _Index, owners: Mapping[Person, set[str]], sizes: list[int]
    ) -> JudgedProbe:
        truth = frozenset(owners.get(probe.person, ())) if probe.person else frozenset()
        try:
            elements = self.resolver.understand(probe.given)
        except InvalidElements:
            return JudgedProbe(probe, unreadable(probe.expect, probe.kind), None, truth)
        candidates = index.candidates(elements)
        sizes.append(len(candidates.customers))
        answer = self.resolver.resolve(elements, candidates)
        return JudgedProbe(probe, judge(probe.expect, probe.kind, truth, answer), answer, truth)


def _register(
    labelled: LabelledSet, index: _Index, owners: dict[Person, set[str]], step: Callable[[], None]
) -> Registration:
    first: dict[Person, str] = {}
    firsts: set[str] = set()
    people_of: dict[str, set[Person]] = defaultdict(set)
    linked: dict[Expect, list[bool]] = defaultdict(list)
    people = rejected = strays = 0
    for records, is_first in ((labelled.people, True), (labelled.second_records, False)):
        for record in records:
            step()
            try:
                customer = index.register(record.given)
            except InvalidElements:
                rejected += 1
                continue
            owners[record.person].add(customer)
            people_of[customer].add(record.person)
            if is_first:
                people += 1
                first[record.person] = customer
                firsts.add(customer)
            else:
                own = customer == first.get(record.person)
                linked[record.expect].append(own)
                strays += not own and customer in firsts
    return Registration(
        people=people,
        rejected=rejected,
        false_merges=sum(len(who) - 1 for who in people_of.values()),
        linked_to_a_stranger=strays,
        second_linked={expect: sum(done) / len(done) for expect, done in linked.items()},
    )
