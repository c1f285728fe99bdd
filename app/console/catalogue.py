"""What the console says, in Chinese and English: `messages/zh.json` and `messages/en.json`."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")
DEFAULT = "en"


@cache
def messages(language: str) -> Mapping[str, str]:
    """Every message of a language by its key."""
    file = resources.files("app.console").joinpath(f"messages/{language}.json")
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def say(language: str, key: str, /, **values: object) -> str:
    """One message, with values in its places."""
    text = messages(language)[key]
    return text.format(**values) if values else text


def word(language: str, group: str, code: object) -> str:
    """What a stable code means, in words; the code itself where nobody has put it into words yet."""
    return messages(language).get(f"{group}.{code}", str(code))


@cache
def codes(group: str) -> tuple[str, ...]:
    """The stable codes of a group that are put into words."""
    return tuple(key.removeprefix(f"{group}.") for key in messages(DEFAULT) if key.startswith(f"{group}."))


def best_language(accepted: str) -> str:
    """The language that a browser likes best (Accept-Language, RFC 9110 section 12.5.4) of ours."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:500].split(",")):
        tag, _, quality = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES and (weight := _weight(quality)) > 0:
            wanted.append((-weight, place, language))
    return min(wanted)[2] if wanted else DEFAULT


def _weight(quality: str) -> float:
    try:
        return float(quality.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0
