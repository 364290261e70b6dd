"""Which fact of a definition comes from where, and which are still invented (示例)."""

from collections.abc import Iterator
from dataclasses import dataclass

from tongban.base.words import say
from tongban.catalogue.rules.definition import Definition
from tongban.catalogue.rules.form import Source

LABELS = {
    "conditions": "text",
    "exclusions": "text",
    "remedies": "text",
    "situations": "question",
    "materials": "name",
    "stages": "name",
    "phases": "name",
    "specials": "name",
    "mode_limits": "promised",
    "windows": "opens",
    "questions": "ask",
}
"""Tables of a definition whose every entry is a fact -> what names the entry."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """One fact of a definition and where it comes from. path: where it stands in the content, dotted."""

    path: str
    text: str
    source: Source


def provenance(definition: Definition) -> tuple[Provenance, ...]:
    """Every fact with its source, in the order of the file."""
    return tuple(Provenance(path, text, source) for path, text, source in _facts(definition) if source is not None)


def examples_in(definition: Definition) -> tuple[Provenance, ...]:
    """The facts that are invented (示例) and wait for a source."""
    return tuple(fact for fact in provenance(definition) if fact.source.is_example)


def _facts(definition: Definition) -> Iterator[tuple[str, str, Source | None]]:
    yield "modes", "、".join(definition.modes), definition.modes_source
    yield "home", definition.home.explains, definition.home.source
    yield "authority", definition.authority.label, definition.authority.source
    if definition.parties is not None:
        yield "parties", "、".join(definition.parties.named), definition.parties.source
        yield "parties.withdraws_alone", say("guide.fact_alone"), definition.parties.withdrawal_source
        yield "parties.ex_officio", say("guide.fact_ex_officio"), definition.parties.ex_officio_source
    for table, label in LABELS.items():
        for index, entry in enumerate(getattr(definition, table)):
            yield f"{table}.{index}", str(getattr(entry, label)), entry.source
    limits = definition.limits
    yield "limits.statutory", str(limits.statutory), limits.source
    yield "limits.promised", str(limits.promised), limits.promised_source
    yield "limits.silence_accepts", say("guide.fact_silence"), limits.silence_source
    yield "limits.extension", str(limits.extension), limits.extension_source
    yield "fee", definition.fee.standard or say("guide.fact_free"), definition.fee.source
    yield "result", definition.result.name, definition.result.source
    yield "delivery", "、".join(definition.delivery.ways), definition.delivery.source
    yield "closing", definition.closing, definition.closing_source
    yield "effect_from", definition.effect_from, definition.effect_source
    yield "visits", str(definition.visits.count), definition.visits.source
    yield "contact", definition.contact.consult, definition.contact.source
    if definition.before is not None:
        yield "before", str(definition.before.limit), definition.before.source
    if definition.handoff is not None:
        yield "handoff", definition.handoff.to, definition.handoff.source
