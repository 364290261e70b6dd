"""Items as the nodes publish them: GET /api/v1/items/{key}, read as plain JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Json = dict[str, Any]

COUNTY = {"00": "110101000000", "31": "310101000000", "32": "320102000000", "33": "330102000000", "34": "340123000000"}
SEAT = {"31": "310104000000", "32": "320104000000", "33": "330105000000", "34": "340102000000"}

TEXTS = ("text", "long_text")
CORRECTED = "更正后的内容（示例）"


@dataclass(frozen=True, slots=True)
class Places:
    """Where a case plays. origin: node where the person stands; home: the lead's; other, third: who takes part."""

    origin: str
    home: str
    other: str
    third: str

    def filled(self) -> dict[str, str]:
        """Placeholders of the examples -> division codes."""
        return {
            "applicant_place": SEAT.get(self.origin, f"{self.origin}0102000000"),
            "home_place": COUNTY.get(self.home, f"{self.home}0102000000"),
            "other_place": COUNTY.get(self.other, f"{self.other}0102000000"),
            "third_place": (COUNTY if self.third != self.other else SEAT).get(self.third, f"{self.third}0102000000"),
        }


@dataclass(frozen=True)
class Item:
    """One item. content: its definition as the file says it."""

    key: str
    content: Json

    @property
    def pattern(self) -> str:
        return str(self.content["pattern"])

    @property
    def modes(self) -> list[str]:
        return list(self.content["modes"])

    def is_handed_in_at_counter(self, mode: str) -> bool:
        """Always in 代收代办, and in 联办 where the item knows no filing online."""
        return mode == "counter" or (mode == "joint" and "online" not in self.modes)

    @property
    def has_windows(self) -> bool:
        """Applications are taken in windows only."""
        return bool(self.content.get("windows"))

    @property
    def closing(self) -> str:
        return str(self.content["closing"])

    @property
    def stages(self) -> list[Json]:
        return list(self.content.get("stages", ()))

    @property
    def silence_accepts(self) -> bool:
        return bool(self.content["limits"]["silence_accepts"])

    @property
    def may_extend(self) -> bool:
        return bool(self.content["limits"].get("extension"))

    @property
    def notice_days(self) -> int:
        return int(str(self.content["limits"]["notice"]).split()[0])

    @cached_property
    def examples(self) -> list[Json]:
        return list(self.content["examples"])

    def answers(self, number: int, places: Places) -> Json:
        """The answers of one example, its placeholders filled in."""
        example = self.examples[number % len(self.examples)]
        return dict(_fill(example["answers"], places.filled()))

    def home_places(self, answers: Json, places: Places) -> list[str]:
        """The homes that the answers name; where they name none, the one meant by the plan."""
        named = answers.get(self.content["home"]["field"]) or places.filled()["home_place"]
        return [named] if isinstance(named, str) else list(named)

    @property
    def parties(self) -> Json:
        return dict(self.content.get("parties") or {})

    @property
    def co_applicant_fields(self) -> list[str]:
        return list(self.parties.get("co_applicants", ()))

    @property
    def signing_fields(self) -> list[str]:
        """Fields whose people sign beside the applicant."""
        return [*self.co_applicant_fields, *self.parties.get("consenting", ())]

    @property
    def persons_field(self) -> str:
        """The field of those for whom it is filed, each with an outcome of his own."""
        return str(self.parties.get("persons", ""))

    def concerns_another(self, answers: Json) -> bool:
        """Whether the applicant asks for somebody else: his ward, one who has died."""
        return bool(answers.get(str(self.parties.get("subject", ""))))

    @property
    def together(self) -> bool:
        return bool(self.parties.get("together"))

    @property
    def withdraws_alone(self) -> bool:
        return bool(self.parties.get("withdraws_alone"))

    @property
    def signs_supplements(self) -> bool:
        return bool(self.parties.get("signs_supplements", True))

    @property
    def serves_people(self) -> bool:
        return "1" in self.content["served"]

    @property
    def serves_companies(self) -> bool:
        return "2" in self.content["served"]

    def is_for_many(self, example: int) -> bool:
        """Whether the example names persons for whom an organisation files, each with an outcome of his own."""
        persons = (self.content.get("parties") or {}).get("persons", "")
        return bool(persons and self.examples[example]["answers"].get(persons))

    def materials(self, answers: Json) -> list[Json]:
        """Papers to hand in: required, called for by the answers, travelling by the platform, not found by sharing."""
        return [
            material
            for material in self.content.get("materials", ())
            if holds(material.get("when"), answers)
            and material.get("required", True)
            and not material.get("shared")
            and not material.get("off_platform")
        ]

    def stages_for(self, answers: Json) -> list[Json]:
        return [stage for stage in self.stages if holds(stage.get("when"), answers)]

    def correctable(self, answers: Json) -> tuple[str, str]:
        """What a correction notice may name: an answered field, of text if possible, and a paper; either may be ''."""
        types = {field["name"]: field["type"] for field in self.content.get("fields", ())}
        texts = [name for name in answers if types.get(name) in TEXTS]
        plain = [name for name in answers if types.get(name, "place") not in ("place", "places")]
        papers = [material["key"] for material in self.materials(answers)]
        return next(iter(texts + plain), ""), next(iter(papers), "")

    def corrected(self, field: str, answers: Json) -> Any:
        """Another text, as long as the field wants it; any other kind of answer is confirmed as it was."""
        asked = next(entry for entry in self.content["fields"] if entry["name"] == field)
        if asked["type"] not in TEXTS:
            return answers[field]
        return CORRECTED.ljust(asked.get("least") or 0, "0")[: asked.get("most")]


def holds(when: Mapping[str, Any] | None, answers: Mapping[str, Any]) -> bool:
    """{name: value or [values]}: every named answer is one of them."""
    return all(_meets(answers.get(name), values) for name, values in (when or {}).items())


def days_of(limit: str) -> int:
    """Natural days that surely cover the limit, long holidays included."""
    count, unit = limit.split()
    if unit == "hours":
        return int(count) // 24 + 2
    return int(count) + 1 if unit == "natural" else int(count) * 2 + 10


def _meets(answer: Any, values: Any) -> bool:
    wanted = [str(value) for value in values] if isinstance(values, list) else [str(values)]
    given = answer if isinstance(answer, list) else [answer]
    return any(entry in wanted for entry in given)


def _fill(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        found = re.fullmatch(r"\{(\w+)\}", value)
        return places[found.group(1)] if found else value
    if isinstance(value, dict):
        return {key: _fill(entry, places) for key, entry in value.items()}
    if isinstance(value, list):
        return [_fill(entry, places) for entry in value]
    return value


def invented_scan(case: str, material: str) -> bytes:
    """A small paper that says what it stands for; different for each case, so that each is one file."""
    return f"%PDF-1.4\n% 示例扫描件 {case} {material}\n%%EOF\n".encode()
