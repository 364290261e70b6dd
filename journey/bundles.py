"""One event of life (一件事) being played: handed in once, every part decided by its own home, all of them linked.

GET /api/v1/events/{key} {"definition": {"parts": [{"key", "item", "answers"}], "examples"}}
GET /api/v1/bundles/{id} {"state", "parts": [{"part", "state", "why", "case_id", "application", "status"}]}
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from journey.clients import Cast, Client
from journey.items import Item, Places, invented_scan
from journey.ledger import ActEntry, AnswerKind, CaseEntry, Ledger
from journey.outcomes import Script, outcomes_of, signing
from journey.parties import with_demo_people
from journey.planning import HUB
from journey.play import COMPANY, Plan, Play, Stuck

Json = dict[str, Any]

BUNDLED = "bundled"
GOOD = ("answered", "granted", "handed_off")
TRIES, PATIENCE = 400, 6
"""How many days a part may wait for the one before it; how often it is looked at on one day."""


@dataclass
class Handing:
    """One bundle and its applicant. made: its id, once the first of its parts has handed it in."""

    key: str
    definition: Json
    items: Mapping[str, Item]
    places: Places
    person: str
    cast: Cast
    made: str = ""
    door: threading.Lock = field(default_factory=threading.Lock)

    @property
    def client(self) -> Client:
        origin = self.places.origin
        return self.cast.company(origin) if self.person == COMPANY else self.cast.citizen(origin, int(self.person))

    @property
    def parts(self) -> list[Json]:
        """Those that the example calls for."""
        named = self.definition["examples"][0]["answers"]
        return [part for part in self.definition["parts"] if part["key"] in named]

    def example_of(self, part: Json) -> int:
        """Which example of its item answers what is asked under the part."""
        named = self.definition["examples"][0]["answers"][part["key"]]
        return next(n for n, one in enumerate(self.items[part["item"]].examples) if one["key"] == named)

    def told(self, part: Json) -> Json:
        """The whole example of the item, those who sign taken from the demo persons."""
        item = self.items[part["item"]]
        answers = item.answers(self.example_of(part), self.places)
        return with_demo_people(item, answers, node=self.places.origin, applicant=self.person)[0]

    def answers(self) -> Json:
        """One set for all parts: what is shared by its own name, what is peculiar under its part."""
        parts = {part["key"]: part for part in self.definition["parts"]}
        given = {name: one for name, one in self.definition["examples"][0]["answers"].items() if name not in parts}
        filled = Item("", {"examples": [{"answers": given}]}).answers(0, self.places)
        for part in self.parts:
            mapped = part.get("answers", {})
            for name, answer in self.told(part).items():
                target = str(mapped.get(name, ""))
                if not target:
                    filled[f"{part['key']}.{name}"] = answer
                elif name in self.items[part["item"]].signing_fields and target in filled:
                    filled[target] = answer
        return filled

    def hand_in(self) -> None:
        """Once, by whichever part comes first. Raises Stuck where a part would be left out."""
        with self.door:
            if self.made:
                return
            place, answers = self.places.filled()["applicant_place"], self.answers()
            made = self.client.post("/api/v1/bundles", {"event": self.key, "place": place, "answers": answers}).body
            left_out = [one for one in made["prospects"] if one["part"] in self.keys and one["fate"] != "open"]
            if left_out:
                raise Stuck(f"{self.key}: not open {left_out}")
            papers = [self._paper(made["bundle_id"], paper) for paper in made["papers"] if paper["required"]]
            path = f"/api/v1/bundles/{made['bundle_id']}"
            kept = self.client.put(path, {"answers": answers, "papers": papers}).body
            if kept["faults"]:
                raise Stuck(f"{self.key}: {kept['faults']}")
            self.client.post(f"{path}/submit", {"seen": kept["revision"]})
            self.made = str(made["bundle_id"])

    @property
    def keys(self) -> set[str]:
        return {str(part["key"]) for part in self.parts}

    def _paper(self, made: str, paper: Json) -> Json:
        digest = self.client.upload(invented_scan(made, paper["key"]), "application/pdf")
        return {"key": paper["key"], "digest": digest, "name": f"{paper['name']}.pdf"}

    def part(self, key: str) -> Json:
        shown = self.client.get(f"/api/v1/bundles/{self.made}")
        return next(dict(part) for part in shown["parts"] if part["part"] == key)


def fetch_events(cast: Cast, node: str, wanted: Sequence[str]) -> dict[str, Json]:
    """Key -> definition of each event, or of those that are wanted. Raises LookupError."""
    client = cast.citizen(node)
    keys = [str(entry["key"]) for entry in client.get("/api/v1/events")["items"]]
    if missing := sorted(set(wanted) - set(keys)):
        raise LookupError(f"no event at node {node}: {', '.join(missing)}")
    return {key: client.get(f"/api/v1/events/{key}")["definition"] for key in keys if not wanted or key in wanted}


def items_of(events: Mapping[str, Json]) -> list[str]:
    return sorted({str(part["item"]) for one in events.values() for part in one["parts"]})


def plays_of(
    events: Mapping[str, Json],
    items: Mapping[str, Item],
    nodes: Sequence[str],
    cast: Cast,
    ledger: Ledger,
    seconds: float,
) -> list[tuple[Play, Script]]:
    """One play of each event, a case for each part: the person at one node, the homes at it and at others."""
    provinces = [node for node in nodes if node != HUB]
    found = []
    for number, (key, definition) in enumerate(sorted(events.items())):
        origin, other, *rest = provinces[number % len(provinces) :] + provinces[: number % len(provinces)]
        places = Places(origin=origin, home=other, other=origin, third=(rest or [other])[0])
        handing = Handing(key, definition, items, places, "1", cast)
        if not items[handing.parts[0]["item"]].serves_people:
            handing = replace(handing, person=COMPANY)
        found += [_play_of(handing, part, ledger, seconds) for part in handing.parts]
    return found


def _play_of(handing: Handing, part: Json, ledger: Ledger, seconds: float) -> tuple[Play, Script]:
    item = handing.items[part["item"]]
    mode = next(mode for mode in ("online", "joint") if mode in item.modes)
    places, person = handing.places, handing.person
    plan = Plan(item, mode, BUNDLED, places, handing.example_of(part), person, bundle=handing.key)
    play = Play(plan, handing.cast, ledger, seconds)
    scripts = outcomes_of(item, mode, handing.told(part))
    script = next(scripts[name] for name in GOOD if name in scripts)

    def hand_in(play: Play) -> Iterator[int]:
        handing.hand_in()
        yield from _until_made(handing, str(part["key"]))
        _take_over(play, handing, part)

    def linked(play: Play) -> None:
        shown, view = handing.part(str(part["key"])), play.look(play.applicant)
        if view is None or (shown["case_id"], shown["status"]) != (play.case, view.status):
            raise Stuck(f"the bundle shows {shown} for {play.case}")

    return play, (hand_in, *script[1:], linked)


def _until_made(handing: Handing, key: str) -> Iterator[int]:
    """A part that waits for another lets days pass until that one is granted."""
    for _ in range(TRIES):
        for _ in range(PATIENCE):
            shown = handing.part(key)
            if shown["state"] == "made":
                return
            if shown["state"] != "waiting":
                raise Stuck(f"{handing.key}.{key} is {shown['state']}: {shown['why']}")
            threading.Event().wait(0.5)
        yield 1
    raise Stuck(f"{handing.key}.{key} still waits")


def _take_over(play: Play, handing: Handing, part: Json) -> None:
    """The part's own application from now on; what only the person can do is done here, then it is handed in."""
    shown = handing.part(str(part["key"]))
    play.case = str(shown["case_id"])
    application = play.applicant.get(f"/api/v1/applications/{play.case}")
    play.home = str(application["place"])[:2]
    play.answers = dict(application["answers"])
    # Whoever signs was named in the answers as they were filled in.
    example = play.item.answers(play.plan.example, play.plan.places)
    play.others = with_demo_people(play.item, example, node=play.origin, applicant=play.plan.person)[1]
    if shown["application"] == "draft":
        _complete(play, handing, part, application)
        return
    digests = [str(material["digest"]) for material in application["materials"]]
    play.ledger.opened(CaseEntry(play.case, play.item.key, play.origin, play.home, "submitted", digests))
    answer: AnswerKind = "step" if play.home == play.origin else "ask"
    play.ledger.acted(ActEntry(play.case, play.origin, "applicant", "open", answer, ""))


def _complete(play: Play, handing: Handing, part: Json, application: Json) -> None:
    missing = {path.partition(".")[2].partition(".")[0] for path in application["faults"] if path[:8] == "answers."}
    play.answers |= {name: answer for name, answer in handing.told(part).items() if name in missing}
    given = {str(one["key"]): one for one in application["materials"]}
    wanted = [one for one in play.item.materials(play.answers) if one["key"] not in given]
    papers = [{"key": one["key"], "digest": one["digest"], "name": one["name"]} for one in given.values()]
    papers += [play.paper(play.applicant, play.case, material) for material in wanted]
    play.application = {
        "item": play.item.key,
        "province": play.home,
        "answers": play.answers,
        "materials": papers,
    }
    play.applicant.put(f"/api/v1/applications/{play.case}", play.application)
    signing.sign_all(play)
    play.submit()
