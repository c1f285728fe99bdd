"""The master customer ID: opaque, never reused, with a check character against slips of the pen.

`C`, then 16 characters of Crockford's base 32 (80 random bits, no I, L, O, U), then the check character of
ISO/IEC 7064 MOD 37,36 over all that stands before it. That system finds every single wrong character and
nearly every exchange of two neighbours.
"""

RANDOM_BYTES = 10
_PREFIX = "C"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ISO_7064 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = {character: value for value, character in enumerate(_ISO_7064)}
_BODY_LENGTH = RANDOM_BYTES * 8 // 5
_LENGTH = len(_PREFIX) + _BODY_LENGTH + 1
_BODY_CHARACTERS = frozenset(_CROCKFORD)


def make(random: bytes) -> str:
    """A customer ID from 10 random bytes. Raises `ValueError` for any other number of bytes."""
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"a customer ID needs {RANDOM_BYTES} random bytes")
    number = int.from_bytes(random, "big")
    digits = (_CROCKFORD[number >> shift & 31] for shift in range(RANDOM_BYTES * 8 - 5, -1, -5))
    text = _PREFIX + "".join(digits)
    return text + _ISO_7064[(1 - _product(text)) % 36]


def is_well_formed(text: str) -> bool:
    """Whether a customer ID can read so, check character and all; says nothing of there being one."""
    if len(text) != _LENGTH or text[0] != _PREFIX or not _BODY_CHARACTERS.issuperset(text[1:-1]):
        return False
    check = _VALUES.get(text[-1])
    return check is not None and (_product(text[:-1]) + check) % 36 == 1


def _product(text: str) -> int:
    """The recursion of ISO/IEC 7064, 8.2: what the check character is added to, to be 1 modulo 36."""
    product = 36
    for character in text:
        total = (product + _VALUES[character]) % 36 or 36
        product = total * 2 % 37
    return product
