"""Looking things up in a department's own system, by its adapter.

The adapter speaks JSON over HTTP to `TONGBAN_DEPARTMENT`; `simulators/department.py` is a program that answers like
such a system and says so in every answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings

from tongban.base.canonical import parse_json
from tongban.base.errors import NotYet, Rejected

SECONDS = 5


@dataclass(frozen=True, slots=True)
class Found:
    """matched: whether the person was found and the check passed. records: label and value, in the order to be shown.

    note: a remark of the answering system, shown with the answer.
    """

    matched: bool
    records: tuple[Mapping[str, str], ...]
    note: str


def look_up(*, item: str, organ: str, subject: Mapping[str, Any], answers: Mapping[str, Any]) -> Found:
    """Ask the department's system about a person. Raises NotYet("department_away") when it does not answer properly."""
    try:
        response = requests.post(
            f"{settings.DEPARTMENT}/lookup",
            json={"item": item, "organ": organ, "subject": dict(subject), "answers": dict(answers)},
            timeout=SECONDS,
        )
        response.raise_for_status()
        value = parse_json(response.content)
        records = tuple({"label": str(row["label"]), "value": str(row["value"])} for row in value["records"])
        return Found(matched=value["matched"] is True, records=records, note=str(value["note"]))
    except (requests.RequestException, Rejected, KeyError, TypeError) as error:
        raise NotYet("department_away", organ=organ) from error
