"""Kinds of values of which the shapes are made."""

import re
from typing import Annotated, Any, Final

from ninja import Path, Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from tongban.base.canonical import LARGEST_INTEGER
from tongban.base.words import say

NO_NUL: Final = r"^[^\u0000]*$"
ASCII: Final = r"^[\u0001-\u007f]{1,60}$"
ITEM_KEY: Final = r"^[a-z0-9-]{1,40}$"
PLACE: Final = r"^[0-9]{12}$"
DIGEST: Final = r"^[0-9a-f]{64}$"

PLAIN: Final = {
    "description": say("shape.plain"),
    "anyOf": [
        {"type": "null"},
        {"type": "boolean"},
        {"type": "integer", "minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER},
        {"type": "string", "pattern": NO_NUL},
        {"type": "array", "items": {"$ref": "#/components/schemas/Plain"}},
        {"$ref": "#/components/schemas/PlainObject"},
    ],
}
PLAIN_OBJECT: Final = {
    "type": "object",
    "propertyNames": {"pattern": ASCII},
    "additionalProperties": {"$ref": "#/components/schemas/Plain"},
}

REFERS: Final = {"type": "object", "title": "PlainObject"}
"""Where a shape means PLAIN_OBJECT, which refers to itself; the description puts the reference in its place."""


def ascii_keys(value: Any) -> Any:
    """Names are ASCII at every depth. Floats, large integers and U+0000 are refused by the parser."""
    if isinstance(value, dict):
        for key, entry in value.items():
            if not re.fullmatch(ASCII, key):
                raise PydanticCustomError("string_pattern_mismatch", "keys are ASCII")
            ascii_keys(entry)
    elif isinstance(value, list):
        for entry in value:
            ascii_keys(entry)
    return value


class Strict(Schema):
    """What comes in: nothing is guessed, nothing unknown is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True)


PlainObject = Annotated[dict[str, Any], AfterValidator(ascii_keys), WithJsonSchema(REFERS)]
Line = Annotated[str, StringConstraints(pattern=NO_NUL, max_length=200)]
Paragraph = Annotated[str, StringConstraints(pattern=NO_NUL, max_length=2000)]
LongText = Annotated[str, StringConstraints(pattern=NO_NUL, max_length=20_000)]
ItemKey = Annotated[str, StringConstraints(pattern=ITEM_KEY)]
Place = Annotated[str, StringConstraints(pattern=PLACE)]
Province = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
Digest = Annotated[str, StringConstraints(pattern=DIGEST)]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]

ItemKeyInPath = Annotated[str, Path(..., pattern=ITEM_KEY)]
DigestInPath = Annotated[str, Path(..., pattern=DIGEST)]
PaperNumberInPath = Annotated[str, Path(..., pattern=r"^[0-9A-Za-z-]{1,60}$")]
