"""Write down the demo persons of this node and open their log-ins; safe to run again."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.base.actor import Role, system
from tongban.base.identifiers import demo_credit_code, demo_identity_number, demo_phone, demo_uuid
from tongban.people import actions
from tongban.people.rules import IdType, Kind

REGISTERED = {Kind.ENTERPRISE: "91", Kind.INSTITUTION: "12"}
"""How a credit code begins: registering office and type, GB 32100."""

DATA = Path(__file__).resolve().parents[3] / "data" / "people"


class Command(BaseCommand):
    help = "Make the demo persons and accounts (demo and test mode only)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--place", default="", help="12-digit code of the county where they live")
        parser.add_argument("--hall", default="", help="code of the organ that the clerk serves")
        parser.add_argument("--office", default="", help="code of the organ that the officers serve")
        parser.add_argument("--lead", default="", help="code of an organ that leads items")
        parser.add_argument("--unit", default="", help="code of an organ that co-operates in them")
        parser.add_argument("--password", default="tongban-demo")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        if not settings.DEMO:
            raise CommandError("demo people exist in demo and test mode only")
        for row in _rows("persons.csv"):
            _write_person(row, place=options["place"])
        organs = {name: options[name] for name in ("hall", "office", "lead", "unit")}
        accounts = [
            actions.DemoAccount(
                username=row["username"].format(node=settings.NODE),
                name=row["name"],
                role=Role(row["role"]),
                person=row["person"] and f"{settings.NODE}-{row['person']}",
                principal=row["principal"] and f"{settings.NODE}-{row['principal']}",
                organ=organs.get(row["organ"], ""),
            )
            for row in _rows("accounts.csv")
            if not row["organ"] or organs[row["organ"]]
        ]
        made = actions.open_demo_accounts(system(settings.NODE), accounts=accounts, password=options["password"])
        self.stdout.write(f"{made} new demo accounts")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / name).read_text("utf-8").splitlines()))


def _write_person(row: dict[str, str], *, place: str) -> None:
    node, running = settings.NODE, int(row["running"])
    natural = row["kind"] == Kind.NATURAL
    number = (
        demo_identity_number(node=node, birth_date=date.fromisoformat(row["birth_date"]), running=running)
        if natural
        else demo_credit_code(node=node, kind=REGISTERED[Kind(row["kind"])], running=90_000_000 + running)
    )
    actions.make_demo_person(
        system(node),
        person_id=demo_uuid("person", f"{node}-{row['key']}"),
        kind=row["kind"],
        name=row["name"],
        id_type=IdType.IDENTITY_CARD if natural else IdType.CREDIT_CODE,
        id_number=number,
        phone=demo_phone(node=node, running=900_000 + running),
        division=place,
    )
