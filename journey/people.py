"""What a demo citizen shows at a counter: name, identity number and telephone, from the same list the nodes load."""

import csv
from functools import cache
from pathlib import Path

PERSONS = Path(__file__).resolve().parent.parent / "tongban" / "data" / "people" / "persons.csv"
NEVER_ASSIGNED = "9999"
NO_SUBSCRIBER = "100"
REGISTERED = {"enterprise": "91", "institution": "12"}
PLACES = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def shown_at_counter(node: str, key: str) -> dict[str, str]:
    """The applicant as the clerk types it in; key: of the list of demo persons."""
    row = _persons()[key]
    running = int(row["running"])
    natural = row["kind"] == "natural"
    return {
        "kind": row["kind"],
        "name": row["name"],
        "id_type": "identity_card" if natural else "credit_code",
        "id_number": _identity_number(node, row["birth_date"], running)
        if natural
        else _credit_code(node, row["kind"], running),
        "phone": f"{NO_SUBSCRIBER}{node}{900_000 + running:06d}",
    }


def _identity_number(node: str, birth_date: str, running: int) -> str:
    body = f"{NEVER_ASSIGNED}{node}{birth_date.replace('-', '')}{running:03d}"
    return body + check_digit(body)


def _credit_code(node: str, kind: str, running: int) -> str:
    """GB 32100, with the organisation's part by GB 11714."""
    body = f"{90_000_000 + running:08d}"
    rest = -sum(int(digit) * weight for digit, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    code = f"{REGISTERED[kind]}{NEVER_ASSIGNED}{node}{body}{'X' if rest == 10 else rest}"
    total = sum(PLACES.index(place) * pow(3, position, 31) for position, place in enumerate(code))
    return code + PLACES[-total % 31]


def check_digit(body: str) -> str:
    """The 18th place of an identity number, GB 11643 (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * pow(2, 17 - position, 11) for position, digit in enumerate(body))
    return "10X98765432"[total % 11]


@cache
def _persons() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in csv.DictReader(PERSONS.read_text("utf-8").splitlines())}
