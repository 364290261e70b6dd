"""Bodies of requests: JSON in its strict form, and nothing else where JSON is expected."""

from typing import Any, Final

from django.http import HttpRequest
from ninja.parser import Parser

from tongban.base.canonical import parse_json
from tongban.base.errors import Rejected

MOST_BYTES: Final = 1_000_000


class StrictParser(Parser):
    """Refuses what could be read in two ways or cannot be stored: fractions, doubled keys, lone surrogates, U+0000."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Raises Rejected("wrong_media_type", "body_too_large" or "malformed")."""
        if request.content_type != "application/json":
            raise Rejected("wrong_media_type", given=str(request.content_type)[:60], wanted="application/json")
        if len(request.body) > MOST_BYTES:
            raise Rejected("body_too_large", most=MOST_BYTES)
        return parse_json(request.body, most_bytes=MOST_BYTES, whole_floats=True)
