"""The five identity elements on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.core.identity.elements import GivenElements

Name = Annotated[str, Field(max_length=200, description="As written; any script.", examples=["王丽华"])]
Gender = Annotated[
    str,
    Field(max_length=32, description="male, female, other, unknown; GB/T 2261.1 1, 2, 0, 9; 男, 女."),
]
BirthDate = Annotated[
    str,
    Field(max_length=64, description="YYYY-MM-DD, YYYYMMDD or YYYY/M/D.", examples=["1980-02-29"]),
]
IdType = Annotated[
    str,
    Field(max_length=64, description="An ID type's name or its code of WS 364.3 CV02.01.101."),
]
IdNumber = Annotated[
    str,
    Field(
        max_length=64, description="Any text is evidence, however malformed.", examples=["110101198002290026"]
    ),
]


class ElementsIn(BaseModel):
    """The five keys are required; `null` is "not given"."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=False)

    name: Name | None
    gender: Gender | None
    birth_date: BirthDate | None
    id_type: IdType | None
    id_number: IdNumber | None

    def given(self) -> GivenElements:
        """The five as the core takes them."""
        return GivenElements(self.name, self.gender, self.birth_date, self.id_type, self.id_number)


class ElementsOut(BaseModel):
    """The five as stored."""

    name: str | None
    gender: str | None
    birth_date: str | None
    id_type: str | None
    id_number: str | None

    @classmethod
    def of(cls, given: GivenElements) -> "ElementsOut":
        """From the core's shape."""
        return cls(
            name=given.name,
            gender=given.gender,
            birth_date=given.birth_date,
            id_type=given.id_type,
            id_number=given.id_number,
        )
