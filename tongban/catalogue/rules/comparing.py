"""How two provinces' standards of one item differ: what a counter must know, and what ought to become the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from tongban.base.words import say
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.form import Material

FOUR_SAME = ("name", "base_code", "basis", "item_type")
"""五级四同: name, code, basis and type are equal everywhere."""


@dataclass(frozen=True, slots=True)
class Difference:
    """path: where in the definitions; here, there: what each says, empty for nothing."""

    path: str
    here: str
    there: str

    @property
    def breaks_four_same(self) -> bool:
        return self.path in FOUR_SAME


def differences(here: Definition, there: Definition) -> tuple[Difference, ...]:
    """In what a person or a counter meets the difference; wording, sources and examples are left out."""
    found = [
        *_single(here, there),
        *_sets("modes", here.modes, there.modes),
        *_sets("conditions", _texts(here, "conditions"), _texts(there, "conditions")),
        *_sets("exclusions", _texts(here, "exclusions"), _texts(there, "exclusions")),
        *_sets("fields", [field.label for field in here.fields], [field.label for field in there.fields]),
        *_materials(here, there),
    ]
    return tuple(found)


def _single(here: Definition, there: Definition) -> Iterator[Difference]:
    for path, ours, theirs in zip(_PATHS, _values(here), _values(there), strict=True):
        if ours != theirs:
            yield Difference(path, ours, theirs)


_PATHS = (
    *FOUR_SAME,
    "pattern",
    "case_type",
    "limits.statutory",
    "limits.promised",
    "fee",
    "result",
    "delivery.ways",
    "visits.count",
    "closing",
    "effect_from",
)


def _values(definition: Definition) -> tuple[str, ...]:
    return (
        definition.name,
        definition.base_code,
        "、".join(map(str, definition.basis)),
        definition.item_type,
        definition.pattern,
        definition.case_type,
        str(definition.limits.statutory),
        str(definition.limits.promised),
        definition.fee.amount if definition.fee.charged else "",
        definition.result.name,
        "、".join(sorted(definition.delivery.ways)),
        str(definition.visits.count),
        definition.closing,
        definition.effect_from,
    )


def _texts(definition: Definition, table: str) -> list[str]:
    return [fact.text for fact in getattr(definition, table)]


def _sets(path: str, here: tuple[str, ...] | list[str], there: tuple[str, ...] | list[str]) -> Iterator[Difference]:
    yield from (Difference(path, text, "") for text in here if text not in there)
    yield from (Difference(path, "", text) for text in there if text not in here)


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
