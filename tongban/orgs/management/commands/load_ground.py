"""Load what a node stands on: divisions, calendar and, in a demo, organs, people and officers. Safe to run again."""

import csv
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from tongban.base.actor import system
from tongban.orgs import actions
from tongban.orgs.rules import EVERYTHING, Level, OrganKind, Place, demo_counties, parse_kinds, parse_places

DATA = Path(__file__).resolve().parents[3] / "data"
FAVOURITE = "340123000000"


class Command(BaseCommand):
    help = "Load divisions and calendar; in demo and test mode also demo organs, people and officers."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        places = [
            place
            for path in sorted((DATA / "divisions").glob("*.csv"), reverse=True)
            for place in parse_places(path.read_text("utf-8"))
        ]
        actor = system(settings.NODE)
        changed = actions.load_divisions(actor, places=places)
        self.stdout.write(f"{changed} divisions new or changed")
        call_command("load_calendar", stdout=self.stdout)
        if settings.DEMO:
            self._demo(places)

    def _demo(self, places: list[Place]) -> None:
        actor = system(settings.NODE)
        kinds = parse_kinds((DATA / "organs" / "kinds.csv").read_text("utf-8"))
        here = [place for place in places if place.code.startswith(settings.NODE) and place.valid_to is None]
        if not here:
            call_command("load_demo_people", stdout=self.stdout)
            return
        made = actions.make_demo_organs(actor, kinds=kinds, places=here)
        self.stdout.write(f"{made} new demo organs")
        home, organs = _where(here, kinds)
        call_command("load_demo_people", place=home, **organs, stdout=self.stdout)
        for row in csv.DictReader((DATA / "people" / "accounts.csv").read_text("utf-8").splitlines()):
            if row["organ"]:
                username = row["username"].format(node=settings.NODE)
                facts = {"username": username, "name": row["name"], "organ": organs[row["organ"]]}
                acts = row["acts"].split() or [EVERYTHING]
                actions.make_demo_officer(actor, **facts, acts=acts, region=settings.NODE)


def _where(here: list[Place], kinds: list[OrganKind]) -> tuple[str, dict[str, str]]:
    """The county where the demo people live, and the organs that the demo staff serve, as `accounts.csv` names them."""
    province = next(place.code for place in here if place.level is Level.PROVINCE)
    counties = demo_counties(here) or {province}
    home = FAVOURITE if FAVOURITE in counties else min(counties)
    serving = {"office": "data_bureau", "lead": "market_regulation", "unit": "commerce"}
    organs = {name: actions.demo_organ_code(kinds, kind=kind, division=province) for name, kind in serving.items()}
    return home, {"hall": actions.demo_organ_code(kinds, kind="service_hall", division=home), **organs}
