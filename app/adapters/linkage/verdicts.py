"""From scored pairs to verdicts: the core's vetoes and doubts, rivals, and clusters that hold together."""

from splink.clustering import cluster_pairwise_predictions_at_threshold

from app.adapters.linkage.engine import Engine
from app.adapters.linkage.settings import Document, level_case
from app.core.matching.answer import Outcome
from app.core.matching.comparison import Element
from app.core.matching.comparisons.birth_date import BirthDateLevel
from app.core.matching.comparisons.document import DocumentLevel
from app.core.matching.comparisons.name import NameLevel
from app.core.matching.doubt import Doubt
from app.core.matching.model import Thresholds

_COLUMNS = ("name", "gender", "birth_date", "document")
_SAME_NUMBER = f"document_level = '{DocumentLevel.SAME}'"
_SAME_IN_ALL = (
    f"({_SAME_NUMBER} AND name_level IN ('{NameLevel.SAME}', '{NameLevel.VARIANT}') "
    f"AND birth_date_level = '{BirthDateLevel.SAME}')"
)
_BELOW_POSSIBLE = 24.0
"""How far below "possible" a pair is still looked at, so that a veto inside a cluster is seen."""
_KEPT = ", ".join(
    [
        "unique_id_l, unique_id_r, match_weight, match_probability, vetoes",
        *(f"{element}_level, {element}_weight" for element in Element),
    ]
)


def least_weight(thresholds: Thresholds) -> float:
    """The weight from which pairs are judged."""
    return thresholds.possible - _BELOW_POSSIBLE


def judge(engine: Engine, document: Document, thresholds: Thresholds, scored: str) -> None:
    """Makes `judged`: each pair with its levels, vetoes, doubts and outcome, as one match online would say.

    A vetoed pair is `no_match`; `match` is a certain one with no doubt, no rival and no bucket cut.
    """
    _levels_and_verdicts(engine, document, scored)
    _outcomes(engine, thresholds)
    _without_rivals(engine, thresholds)


def cluster(engine: Engine) -> None:
    """Makes `clusters` (unique_id, cluster_id) of the pairs that match, by Splink.

    Where a cluster holds two people whom a veto keeps apart, its members were chained by slips of a number:
    those links are left to a steward, and only the same number still holds.
    """
    _connect(engine)
    apart = (
        "SELECT DISTINCT a.cluster_id FROM judged j JOIN clusters a ON a.unique_id = j.unique_id_l "
        "JOIN clusters b ON b.unique_id = j.unique_id_r "
        "WHERE j.vetoes <> '' AND a.cluster_id = b.cluster_id"
    )
    engine.make("broken", apart)
    if next(engine.rows("SELECT count(*) AS n FROM broken"))["n"]:
        chained = (
            f"outcome = '{Outcome.MATCH}' AND NOT {_SAME_NUMBER} AND unique_id_l IN "
            "(SELECT c.unique_id FROM clusters c JOIN broken b ON b.cluster_id = c.cluster_id)"
        )
        _demote(engine, chained, Doubt.RIVAL_CANDIDATE)
        _connect(engine)


def _levels_and_verdicts(engine: Engine, document: Document, scored: str) -> None:
    levels = ", ".join(f"{level_case(document, element)} AS {element}_level" for element in Element)
    weights = ", ".join(_weight(element) for element in Element)
    texts = ", ".join(f"{column}_{side}" for side in "lr" for column in _COLUMNS)
    engine.make(
        "verdicts",
        f"SELECT unique_id_l, unique_id_r, match_weight, match_probability, {levels}, {weights}, "
        f"pair_vetoes({texts}) AS vetoes, pair_doubts({texts}) AS doubts FROM {scored}",
    )


def _weight(element: Element) -> str:
    adjustment = " + mw_tf_adj_name" if element is Element.NAME else ""
    return f"mw_{element}{adjustment} AS {element}_weight"


def _outcomes(engine: Engine, thresholds: Thresholds) -> None:
    cut = (
        f"NOT {_SAME_NUMBER} AND (unique_id_l IN (SELECT unique_id FROM cut_people) "
        "OR unique_id_r IN (SELECT unique_id FROM cut_people))"
    )
    low = f"match_weight < {thresholds.certain}"
    engine.make(
        "doubted",
        f"SELECT {_KEPT}, trim(doubts"
        f" || CASE WHEN {low} THEN ' {Doubt.LOW_SCORE}' ELSE '' END"
        f" || CASE WHEN {cut} THEN ' {Doubt.BUCKET_CUT}' ELSE '' END) AS doubts FROM verdicts",
    )
    engine.make(
        "judged",
        f"SELECT *, CASE WHEN vetoes <> '' OR match_weight < {thresholds.possible} THEN '{Outcome.NO_MATCH}' "
        f"WHEN doubts = '' THEN '{Outcome.MATCH}' ELSE '{Outcome.REVIEW}' END AS outcome FROM doubted",
    )


def _without_rivals(engine: Engine, thresholds: Thresholds) -> None:
    """A third record nearly as near to one of the two, that is not the other's own match, is a rival."""
    sides = "match_weight, outcome, " + _SAME_IN_ALL + " AS same_in_all FROM judged"
    engine.make(
        "sides",
        f"SELECT unique_id_l AS a, unique_id_r AS b, {sides} "
        f"UNION ALL SELECT unique_id_r AS a, unique_id_l AS b, {sides}",
    )
    engine.make(
        "rivals",
        "SELECT DISTINCT least(m.a, m.b) AS l, greatest(m.a, m.b) AS r FROM sides m "
        "JOIN sides o ON o.a = m.a AND o.b <> m.b "
        f"LEFT JOIN sides k ON k.a = m.b AND k.b = o.b AND k.outcome = '{Outcome.MATCH}' "
        f"WHERE m.outcome = '{Outcome.MATCH}' AND NOT m.same_in_all AND o.outcome <> '{Outcome.NO_MATCH}' "
        f"AND o.match_weight >= m.match_weight - {thresholds.rival_margin} AND k.a IS NULL",
    )
    rival = "EXISTS (SELECT 1 FROM rivals WHERE l = unique_id_l AND r = unique_id_r)"
    _demote(engine, f"outcome = '{Outcome.MATCH}' AND {rival}", Doubt.RIVAL_CANDIDATE)


def _demote(engine: Engine, which: str, doubt: Doubt) -> None:
    engine.make(
        "demoted",
        f"SELECT {_KEPT}, CASE WHEN {which} THEN '{Outcome.REVIEW}' ELSE outcome END AS outcome, "
        f"CASE WHEN {which} THEN trim(doubts || ' {doubt}') ELSE doubts END AS doubts FROM judged",
    )
    engine.make("judged", "SELECT * FROM demoted")


def _connect(engine: Engine) -> None:
    engine.make("links", f"SELECT unique_id_l, unique_id_r FROM judged WHERE outcome = '{Outcome.MATCH}'")
    found = cluster_pairwise_predictions_at_threshold(
        engine.api.register("people"), engine.api.register("links"), engine.api, "unique_id"
    )
    engine.make("clusters", f"SELECT unique_id, cluster_id FROM {found.physical_name}")
