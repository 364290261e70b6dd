"""In what two standards of one item differ: two provinces', or two versions of one, in words that people read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tongban.base.limits import Limit
from tongban.base.words import say
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.form import Material

FOUR_SAME = ("name", "base_code", "basis", "item_type")
"""五级四同: name, code, basis and type are equal everywhere."""


@dataclass(frozen=True, slots=True)
class Difference:
    """path: where in the definitions; here, there: what each says in words, empty for nothing."""

    path: str
    here: str
    there: str

    @property
    def breaks_four_same(self) -> bool:
        return self.path in FOUR_SAME

    @property
    def label(self) -> str:
        """What it is about; of a paper its own name stands in what each side says."""
        return label_of(self.path)


def label_of(path: str) -> str:
    return say(f"difference.{path.partition('.')[0]}")


def differences(here: Definition, there: Definition) -> tuple[Difference, ...]:
    """In what a person or a counter meets the difference; wording, sources and examples are left out."""
    single = zip(_facts(here).items(), _facts(there).values(), strict=True)
    found = [Difference(path, ours, theirs) for (path, ours), theirs in single if ours != theirs]
    ours, theirs = _lists(here), _lists(there)
    for path, entries in ours.items():
        found += _sets(path, entries, theirs[path])
    return (*found, *_materials(here, there))


def _facts(definition: Definition) -> dict[str, str]:
    """What a definition says once, in words, by path."""
    fee, limits = definition.fee, definition.limits
    return {
        "name": definition.name,
        "base_code": definition.base_code,
        "basis": "、".join(map(str, definition.basis)),
        "item_type": say(f"item_type.{definition.item_type}"),
        "pattern": say(f"pattern.{definition.pattern}"),
        "case_type": say(f"case_type.{definition.case_type}"),
        "authority": definition.authority.label,
        "statutory": _limit(limits.statutory),
        "promised": _limit(limits.promised),
        "fee": (fee.standard or fee.amount) if fee.charged else say("difference.free"),
        "result": definition.result.name,
        "visits": say("difference.times", count=definition.visits.count),
        "closing": say(f"closing.{definition.closing}"),
        "effect": say(f"effect.{definition.effect_from}"),
    }


def _lists(definition: Definition) -> dict[str, list[str]]:
    return {
        "modes": [say(f"mode.{mode}") for mode in definition.modes],
        "ways": [say(f"way_explained.{way}") for way in definition.delivery.ways],
        "served": [say(f"served.{code}") for code in definition.served],
        "conditions": [fact.text for fact in definition.conditions],
        "exclusions": [fact.text for fact in definition.exclusions],
        "situations": [situation.question for situation in definition.situations],
        "fields": [field.label for field in definition.fields],
        "stages": [_named(stage.name, stage.limit) for stage in definition.stages],
        "phases": [_named(phase.name, phase.limit) for phase in definition.phases],
        "windows": [f"{window.opens} – {window.closes}" for window in definition.windows],
    }


def _named(name: str, limit: Limit | None) -> str:
    return f"{name}（{_limit(limit)}）" if limit is not None else name


def _limit(limit: Limit) -> str:
    return say(f"limit.{limit.unit}", count=limit.count) if limit.count else say("limit.at_once")


def _sets(path: str, here: Iterable[str], there: Iterable[str]) -> Iterator[Difference]:
    ours, theirs = list(here), list(there)
    yield from (Difference(path, text, "") for text in ours if text not in theirs)
    yield from (Difference(path, "", text) for text in theirs if text not in ours)


def _materials(here: Definition, there: Definition) -> Iterator[Difference]:
    ours = {material.key: material for material in here.materials}
    theirs = {material.key: material for material in there.materials}
    for key in dict.fromkeys([*ours, *theirs]):
        left, right = _demand(ours.get(key)), _demand(theirs.get(key))
        if left != right:
            yield Difference(f"materials.{key}", left, right)


def _demand(material: Material | None) -> str:
    if material is None:
        return ""
    demands = ("original", "check_original", "shared")
    words = [material.name, say("demand.required" if material.required else "demand.optional")]
    return " · ".join(words + [say(f"demand.{name}") for name in demands if getattr(material, name)])
