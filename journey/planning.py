"""Every defined item × every mode × every outcome, spread over the provinces of the federation."""

import itertools
import random
import time
from collections.abc import Iterator, Sequence

from journey.clients import Cast, Gone
from journey.items import COUNTY, Item, Places
from journey.outcomes import Script, outcomes_of
from journey.play import COMPANY, SCHOOL, Plan

HUB = "00"
CITIZENS = 3
UNKNOWN_TO_DEPARTMENTS = "4"
"""The demo person whose data no department confirms: a check does not pass by itself."""

EVERY_EXAMPLE = frozenset({"granted", "answered", "handed_off"})
WHERE_ONE_STANDS = frozenset({"anywhere", "collected"})


def fetch_items(cast: Cast, node: str, wanted: Sequence[str]) -> list[Item]:
    """The items published at the node that have a full definition, in the order of their keys."""
    client = cast.citizen(node)
    keys = sorted(
        str(entry["key"]) for entry in client.all("/api/v1/items", province=node) if entry.get("defined", True)
    )
    found = []
    for key in [key for key in keys if not wanted or key in wanted]:
        body = client.get(f"/api/v1/items/{key}", province=node)
        found.append(Item(key, body["definition"]))
    missing = sorted(set(wanted) - {item.key for item in found})
    if missing:
        raise LookupError(f"not published at node {node}: {', '.join(missing)}")
    return found


def wait_until_published(cast: Cast, provinces: Sequence[str], items: Sequence[Item], *, seconds: float) -> None:
    """Until every province knows every other one's standards and the agreements. Raises Gone."""
    end = time.monotonic() + seconds
    for node, province in itertools.product(provinces, repeat=2):
        for item in items:
            while not _is_known(cast, node, province, item):
                if time.monotonic() > end:
                    raise Gone(f"node {node} never heard of {item.key} of {province}")
                time.sleep(0.3)


def _is_known(cast: Cast, node: str, province: str, item: Item) -> bool:
    client = cast.citizen(node)
    places = {
        "place": COUNTY.get(node, f"{node}0102000000"),
        "authority_place": COUNTY.get(province, f"{province}0102000000"),
    }
    if client.find(f"/api/v1/items/{item.key}", province=province) is None:
        return False
    way = client.get("/api/v1/route", item=item.key, **places)
    return bool(way["allowed"]) or way["why"] == "window_closed"


def plans(items: Sequence[Item], nodes: Sequence[str], *, seed: int) -> Iterator[tuple[Plan, Script]]:
    """Deterministic for a seed: which province is home, which example is filled in, which citizen applies."""
    chance = random.Random(f"plans/{seed}")
    provinces = [node for node in nodes if node != HUB]
    for item in items:
        for mode in item.modes:
            for number, (outcome, script, fitting) in enumerate(
                _outcomes(item, mode, _places(item, provinces, chance))
            ):
                examples = fitting if outcome in EVERY_EXAMPLE else [fitting[number % len(fitting)]]
                for example in examples:
                    places = _places(item, provinces, chance)
                    person = _person(item, example, outcome, chance)
                    yield Plan(item, mode, outcome, places, example, person), script


def _outcomes(item: Item, mode: str, places: Places) -> list[tuple[str, Script, list[int]]]:
    """Each outcome with its script and the examples whose answers allow it."""
    found: dict[str, tuple[Script, list[int]]] = {}
    for example in range(len(item.examples)):
        for outcome, script in outcomes_of(item, mode, item.answers(example, places)).items():
            found.setdefault(outcome, (script, []))[1].append(example)
    return [(outcome, script, fitting) for outcome, (script, fitting) in found.items()]


def _person(item: Item, example: int, outcome: str, chance: random.Random) -> str:
    if not item.serves_people or item.is_for_many(example):
        return COMPANY if item.serves_companies else SCHOOL
    if item.pattern == "check" and outcome != "answered":
        return UNKNOWN_TO_DEPARTMENTS
    return str(chance.randrange(CITIZENS) + 1)


def _places(item: Item, provinces: Sequence[str], chance: random.Random) -> Places:
    """The person stands at one province and the matter lies at another, unless the item is done where he stands.

    An item that informs another place (抄告) is filed at either of both, so that the other one has to be told as well.
    """
    origin, other = chance.sample(list(provinces), 2)
    stays = item.pattern in WHERE_ONE_STANDS or (bool(item.content.get("informs")) and chance.random() < 0.5)
    home = origin if stays else other
    elsewhere = other if home == origin else origin
    rest = [node for node in provinces if node not in (origin, other)]
    return Places(origin=origin, home=home, other=elsewhere, third=chance.choice(rest) if rest else elsewhere)
