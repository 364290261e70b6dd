"""Every defined item × every mode × every outcome, spread over the provinces of the federation."""

import random
from collections.abc import Iterator, Sequence

from journey.clients import Cast
from journey.items import Item, Places
from journey.outcomes import Script, outcomes_of
from journey.play import Plan

HUB = "00"
CITIZENS = 3


def fetch_items(cast: Cast, node: str, wanted: Sequence[str]) -> list[Item]:
    """The items published at the node that have a full definition, in the order of their keys."""
    client = cast.citizen(node)
    keys = sorted(
        str(entry["key"]) for entry in client.all("/api/v1/items", province=node) if entry.get("defined", True)
    )
    found = []
    for key in [key for key in keys if not wanted or key in wanted]:
        body = client.get(f"/api/v1/items/{key}", province=node)
        found.append(Item(key, int(body["version"]), body["definition"]))
    missing = sorted(set(wanted) - {item.key for item in found})
    if missing:
        raise LookupError(f"not published at node {node}: {', '.join(missing)}")
    return found


def plans(items: Sequence[Item], nodes: Sequence[str], *, seed: int) -> Iterator[tuple[Plan, Script]]:
    """Deterministic for a seed: which province is home, which example is filled in, which citizen applies."""
    chance = random.Random(f"plans/{seed}")
    provinces = [node for node in nodes if node != HUB]
    for item in items:
        for mode in item.modes:
            places = _places(provinces, chance)
            for number, (outcome, script) in enumerate(outcomes_of(item, mode, item.answers(0, places)).items()):
                places = _places(provinces, chance)
                example = number
                if outcome not in outcomes_of(item, mode, item.answers(example, places)):
                    example = 0
                citizen = chance.randrange(CITIZENS) + 1
                yield Plan(item, mode, outcome, places, example, citizen), script


def _places(provinces: Sequence[str], chance: random.Random) -> Places:
    origin, home = chance.sample(list(provinces), 2)
    others = [node for node in provinces if node not in (origin, home)]
    return Places(origin=origin, home=home, third=chance.choice(others) if others else origin)
