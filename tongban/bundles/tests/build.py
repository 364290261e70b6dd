"""Bundles for tests: items published here and in Shanghai, a person of Feixi, and a bundle filled in as its example."""

from typing import Any
from uuid import UUID

from tongban.applications.models import Application
from tongban.applications.tests.build import wang
from tongban.base.actor import Actor
from tongban.bundles.actions import attach, fill, start
from tongban.bundles.models import Bundle, Part
from tongban.bundles.queries import content_of, get_bundle, prospects_of
from tongban.bundles.rules.asking import example_answers, papers
from tongban.bundles.rules.planning import opened
from tongban.cases.models import Case
from tongban.cases.rules.table import Act
from tongban.cases.tests.build import FEIXI, XUHUI, an_officer, do, in_force, publish
from tongban.catalogue.queries import get_definition
from tongban.catalogue.rules import fill_example
from tongban.catalogue.tests.build import a_term, an_agreement_content
from tongban.exchange.tests.build import a_federation
from tongban.files.actions import keep
from tongban.orgs.tests.build import some_organs

EVENT = "unemployed"
PLACES = {"home_place": FEIXI, "applicant_place": FEIXI, "other_place": XUHUI, "third_place": "310101000000"}


def ground(settings: Any, folder: Any, *, event: str = EVENT, without: str = "") -> None:
    """The items of the bundle in both provinces, all of them under an agreement. without: one that nobody published."""
    a_federation(settings, folder)
    some_organs()
    for item in sorted({part.item for part in get_bundle(event).parts} - {without}):
        publish(item)
        publish(item, province="31")
    in_force(an_agreement_content(terms=[a_term(items=["kstb-*"])]))


def answers_of(event: str = EVENT, places: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """The first example, its places filled in; a change to None leaves an answer out."""
    bundle = get_bundle(event)
    items = {part.item: get_definition(part.item, "34")[1] for part in bundle.parts}
    given = fill_example(example_answers(bundle, bundle.examples[0], items), {**PLACES, **(places or {})})
    return {name: answer for name, answer in {**given, **changes}.items() if answer is not None}


def filled_in(actor: Actor, event: str = EVENT, **changes: Any) -> Bundle:
    """Complete, not handed in yet."""
    made = start(actor, key=event, place=FEIXI)
    made = fill(actor, made.id, answers=answers_of(event, **changes))
    content = content_of(made)
    ready = opened(prospects_of(made, content["answers"]), made.place)
    for paper in papers(get_bundle(event), ready, content["answers"]):
        if paper.required:
            made = a_scan(actor, made, paper.key)
    return made


def a_scan(actor: Actor, made: Bundle, paper: str) -> Bundle:
    file = keep(actor, b"%PDF-1.4 " + paper.encode(), media_type="application/pdf")
    return attach(actor, made.id, paper=paper, digest=file.digest, name=f"{paper}.pdf")


def part_of(made: Bundle, key: str) -> Part:
    return Part.objects.get(bundle=made, key=key)


def case_of(made: Bundle, key: str) -> Case:
    return Case.objects.get(id=part_of(made, key).application)


def decide(case: Case, *acts: Act, **content: Any) -> None:
    officer = an_officer()
    for act in acts:
        do(officer, case, act, **(content if act is acts[-1] else {}))


def states(made: Bundle) -> dict[str, str]:
    return dict(Part.objects.filter(bundle=made).values_list("key", "state"))


def application(part: Part) -> Application:
    return Application.objects.get(id=part.application or UUID(int=0))


__all__ = ["wang"]
