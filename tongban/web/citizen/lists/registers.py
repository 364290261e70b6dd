"""Registers drawn from the standards: what the law forces on site, what was reduced, what is sourced."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.catalogue.queries import Listed, the_list
from tongban.catalogue.rules.definition import Before, Definition
from tongban.catalogue.rules.provenance import Provenance, provenance
from tongban.web.citizen.lists.today import province_of
from tongban.web.context import nodes
from tongban.web.door import Visit


@dataclass(frozen=True, slots=True)
class Reduction:
    """The ordinary way beside today's; a number is of materials handed in, of phases, of visits."""

    before: Before
    materials: int
    phases: int
    visits: int


@dataclass(frozen=True, slots=True)
class Sources:
    """How many facts of a definition have a source, and which are still examples."""

    total: int
    sourced: int
    examples: int
    share: int
    facts: tuple[Provenance, ...]


@require_safe
def on_site(request: Visit) -> HttpResponse:
    """Items for which somebody has to come in person, each with its reason and article; all others are done online."""
    rows = [(entry, entry.definition.visits) for entry in _defined(request) if entry.definition.visits.count]
    return _page(request, "on_site", {"rows": rows, "others": len(_defined(request)) - len(rows)})


@require_safe
def reductions(request: Visit) -> HttpResponse:
    """减时间、减环节、减材料、减跑动: the ordinary way against the standard that holds today."""
    rows = [(entry, _reduction(entry.definition)) for entry in _defined(request) if entry.definition.before]
    return _page(request, "reductions", {"rows": rows})


@require_safe
def sources(request: Visit) -> HttpResponse:
    """Of each item how much of what its guide says is traced to a text; of one item every fact."""
    chosen = request.GET.get("item", "")
    rows = [(entry, _sources(entry.definition)) for entry in _defined(request)]
    one = next(((entry, found) for entry, found in rows if entry.item.key == chosen), None)
    return _page(request, "sources", {"rows": rows, "one": one})


@dataclass(frozen=True, slots=True)
class _Defined:
    item: Any
    definition: Definition


def _defined(request: Visit) -> list[_Defined]:
    return [_Defined(entry.item, entry.definition) for entry in _entries(request) if entry.definition is not None]


def _entries(request: Visit) -> list[Listed]:
    return the_list(province_of(request))


def _reduction(definition: Definition) -> Reduction | None:
    if definition.before is None:
        return None
    asked = [material for material in definition.materials if material.required and not material.shared]
    return Reduction(definition.before, len(asked), len(definition.phases), definition.visits.count)


def _sources(definition: Definition) -> Sources:
    facts = provenance(definition)
    sourced = sum(not fact.source.is_example for fact in facts)
    return Sources(len(facts), sourced, len(facts) - sourced, 100 * sourced // max(len(facts), 1), facts)


def _page(request: Visit, name: str, content: dict[str, Any]) -> HttpResponse:
    province = province_of(request)
    content |= {"province": province, "province_name": nodes().get(province, (province, ""))[0]}
    return render(request, f"web/citizen/lists/{name}.html", content)
