"""What is wrong with an identity element, said without repeating its value."""

from collections.abc import Sequence


class InvalidElement(ValueError):  # noqa: N818 - named as the caller reads it
    """One element that cannot be what it says.

    `field` is the element's name on the wire (`name`, `gender`, `birth_date`, `id_type`, `id_number`),
    `code` a stable word for programs, `expected` an English sentence of what would be right. The value
    itself is never kept: errors end up in logs.
    """

    def __init__(self, field: str, code: str, expected: str) -> None:
        super().__init__(f"{field}: {expected}")
        self.field = field
        self.code = code
        self.expected = expected


class InvalidElements(ValueError):  # noqa: N818
    """Everything that is wrong with one person's elements, so that a partner can mend all of it at once."""

    def __init__(self, failures: Sequence[InvalidElement]) -> None:
        super().__init__("; ".join(str(failure) for failure in failures))
        self.failures = tuple(failures)
