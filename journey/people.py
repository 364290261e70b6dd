"""What a demo citizen shows at a counter: name, identity number and telephone, from the same list the nodes load."""

import csv
from functools import cache
from pathlib import Path

PERSONS = Path(__file__).resolve().parent.parent / "tongban" / "data" / "people" / "persons.csv"
NEVER_ASSIGNED = "9999"
NO_SUBSCRIBER = "100"


def shown_at_counter(node: str, number: int) -> dict[str, str]:
    """The applicant as the clerk types it in."""
    row = _persons()[str(number)]
    running = int(row["running"])
    body = f"{NEVER_ASSIGNED}{node}{row['birth_date'].replace('-', '')}{running:03d}"
    return {
        "kind": "natural",
        "name": row["name"],
        "id_type": "identity_card",
        "id_number": body + check_digit(body),
        "phone": f"{NO_SUBSCRIBER}{node}{900_000 + running:06d}",
    }


def check_digit(body: str) -> str:
    """The 18th place of an identity number, GB 11643 (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * pow(2, 17 - position, 11) for position, digit in enumerate(body))
    return "10X98765432"[total % 11]


@cache
def _persons() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in csv.DictReader(PERSONS.read_text("utf-8").splitlines())}
