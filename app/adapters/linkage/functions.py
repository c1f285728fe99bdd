"""The core's comparisons as functions of text columns, to be registered in an engine under their names.

A model's levels read `name_level(name_l, name_r) = 'same'`; an engine works each out anew for every level it
tries, so a pair's level is remembered.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from app.adapters.linkage.columns import REMEMBERED, Reader, Text
from app.core.identity.tables import ReferenceTables
from app.core.matching.comparisons.birth_date import compare_birth_dates
from app.core.matching.comparisons.document import compare_documents
from app.core.matching.comparisons.gender import compare_genders
from app.core.matching.comparisons.name import compare_names
from app.core.matching.doubt import doubts
from app.core.matching.score import compare
from app.core.matching.veto import vetoes

SEPARATOR = " "

Function = Callable[..., str]


def level_functions(tables: ReferenceTables) -> Mapping[str, Function]:
    """The four comparison functions, two texts to a level's name; neither text is None."""
    reader = Reader(tables)

    def name_level(left: str, right: str) -> str:
        return str(compare_names(reader.name(left), reader.name(right), tables).level)

    def gender_level(left: str, right: str) -> str:
        return str(compare_genders(reader.gender(left), reader.gender(right)).level)

    def birth_date_level(left: str, right: str) -> str:
        return str(compare_birth_dates(reader.birth_date(left), reader.birth_date(right)).level)

    def document_level(left: str, right: str) -> str:
        return str(compare_documents(reader.document(left), reader.document(right)).level)

    functions = (name_level, gender_level, birth_date_level, document_level)
    return {f.__name__: lru_cache(REMEMBERED)(f) for f in functions}


def verdict_functions(tables: ReferenceTables) -> Mapping[str, Function]:
    """`pair_vetoes` and `pair_doubts`: the codes that hold between two people, separated by spaces.

    Both take name, gender, birth date and document of the one, then of the other, any of them None.
    """
    reader = Reader(tables)

    def pair_vetoes(*texts: Text) -> str:
        left, right = reader.elements(*texts[:4]), reader.elements(*texts[4:])
        return SEPARATOR.join(vetoes(left, right, compare(left, right, tables)))

    def pair_doubts(*texts: Text) -> str:
        left, right = reader.elements(*texts[:4]), reader.elements(*texts[4:])
        return SEPARATOR.join(doubts(left, right, compare(left, right, tables)))

    return {f.__name__: f for f in (pair_vetoes, pair_doubts)}
