"""A bundle in the making, page by page; every page keeps what was filled in before it looks for faults."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.bundles.actions import attach, drop, remove_paper, submit
from tongban.bundles.models import Bundle
from tongban.bundles.rules.asking import Group, Paper
from tongban.bundles.rules.planning import Fate, needed_elsewhere, visits
from tongban.catalogue.rules import Field
from tongban.orgs.queries import place_names
from tongban.people.queries import get_person, masked
from tongban.web.boxes import Fault
from tongban.web.citizen.bundles.draft import STEPS, Draft, read_draft, render_page
from tongban.web.citizen.bundles.questions import ask
from tongban.web.citizen.bundles.telling import after_of, span_of, span_words, why_apart
from tongban.web.door import Visit, for_persons
from tongban.web.mishaps import sentence_of, sentences
from tongban.web.seen import read_seen
from tongban.web.shown import Shown, shown_answer
from tongban.web.uploads import ACCEPT, keep_upload


@require_http_methods(["GET", "POST"])
@for_persons
def page(request: Visit, made_id: UUID, page_name: str) -> HttpResponse:
    """One page of the draft. Raises Rejected("not_found")."""
    draft = read_draft(request, made_id)
    if draft.row.state != Bundle.State.DRAFT:
        return redirect(f"/my/bundles/{made_id}/")
    step = page_name
    if step in STEPS and step != "situations" and not draft.is_begun:
        return redirect(draft.address("situations"))
    if step not in draft.steps:
        raise Rejected("not_found")
    return PAGES[step](request, draft, step)


@require_POST
@for_persons
def give_up(request: Visit, made_id: UUID) -> HttpResponse:
    drop(request.actor, made_id)
    messages.success(request, say("bundle.dropped"))
    return redirect("/my/")


def show_parts(request: Visit, draft: Draft, step: str) -> HttpResponse:
    """Which parts apply under these answers, who handles each, in which order; which go apart, which are not needed."""
    if request.method == "POST":
        return redirect(draft.after(step))
    return render_page(request, draft, step, "parts", outlook(draft))


def outlook(draft: Draft) -> dict[str, Any]:
    found, bundle = draft.prospects, draft.bundle
    ready = [entry for entry in found if entry.fate is Fate.OPEN]
    keys = {entry.part.key for entry in ready}
    places = place_names({entry.place for entry in found if entry.place})
    names = {part.key: part.name for part in bundle.parts}
    span = span_of([entry.part for entry in ready], {entry.part.key: entry.limit for entry in ready})
    return {
        "ready": [(entry, places.get(entry.place, ""), after_of(bundle, entry.part, keys)) for entry in ready],
        "apart": [
            (entry, places.get(entry.place, ""), why_apart(entry.why, entry.facts or {}))
            for entry in found
            if entry.fate is Fate.APART
        ],
        "elsewhere": [(entry, after_of(bundle, entry, keys)) for entry in needed_elsewhere(bundle, draft.answers)],
        "skipped": [entry.part for entry in found if entry.fate is Fate.SKIPPED],
        "span": span_words(span),
        "span_parts": [names[key] for key in span.parts],
        "visits": visits([entry.definition for entry in ready if entry.definition]),
        "uploads": sum(paper.required for paper in draft.papers),
    }


def collect(request: Visit, draft: Draft, step: str) -> HttpResponse:
    """The papers, each once."""
    if request.method != "POST":
        return _show_papers(request, draft, step, {})
    if key := request.POST.get("remove"):
        remove_paper(request.actor, draft.row.id, paper=key)
        return redirect(draft.address(step))
    wrong = _take(request, draft)
    draft = read_draft(request, draft.row.id)
    stay = request.POST.get("go") == "stay"
    if not stay:
        missing = {path.removeprefix("materials.") for path in draft.faults if path.startswith("materials.")}
        wrong |= {key: say("reason.material_missing") for key in missing - set(wrong)}
    if wrong:
        return _show_papers(request, draft, step, wrong)
    return redirect(draft.address(step) if stay else draft.after(step))


def _take(request: Visit, draft: Draft) -> dict[str, str]:
    """Keep what was uploaded; paper -> what is wrong with the file."""
    wrong = {}
    for paper in draft.papers:
        upload = request.FILES.get(f"material.{paper.key}")
        if upload is None:
            continue
        try:
            file = keep_upload(request.actor, upload)
            attach(request.actor, draft.row.id, paper=paper.key, digest=file.digest, name=upload.name or paper.name)
        except Rejected as refusal:
            wrong[paper.key] = sentence_of(refusal)
    return wrong


def _show_papers(request: Visit, draft: Draft, step: str, wrong: dict[str, str]) -> HttpResponse:
    given, papers = draft.content["materials"], draft.papers
    content = {
        "lines": [
            (paper, f"m-{paper.key.replace('.', '-')}", given.get(paper.key), wrong.get(paper.key, ""))
            for paper in papers
        ],
        "errors": [
            Fault(f"m-{paper.key.replace('.', '-')}", paper.name, wrong[paper.key])
            for paper in papers
            if paper.key in wrong
        ],
        "accept": ACCEPT,
    }
    return render_page(request, draft, step, "papers", content, 422 if wrong else 200)


def check(request: Visit, draft: Draft, step: str) -> HttpResponse:
    """Everything at one glance, what is missing, the promise, and one handing in."""
    errors, notice = _lines(draft, {path: say(f"reason.{code}") for path, code in draft.faults.items()}), ""
    if request.method == "POST":
        if request.POST.get("agree") != "yes":
            errors = [*errors, Fault("agree", say("citizen.promise"), say("citizen.promise_missing"))]
        if not errors:
            try:
                submit(request.actor, draft.row.id, seen=read_seen(request.POST))
            except Rejected as refusal:
                errors = _lines(draft, sentences(refusal))
                notice = "" if errors else sentence_of(refusal)
            else:
                messages.success(request, say("bundle.submitted"))
                return redirect(f"/my/bundles/{draft.row.id}/")
    given = draft.content["materials"]
    content = {
        "errors": errors,
        "notice": notice,
        "person": masked(get_person(request.actor, draft.row.applicant)),
        "said": [
            (say("bundle_step.situations"), _said(draft, draft.first)),
            *((_title(group), _said(draft, group)) for group in draft.groups),
        ],
        "given": [(paper, given.get(paper.key)) for paper in draft.papers],
        **outlook(draft),
    }
    return render_page(request, draft, step, "check", content, 422 if request.method == "POST" else 200)


def _title(group: Group) -> str:
    return group.part.name if group.part else say("bundle.together")


def _said(draft: Draft, group: Group) -> list[Shown]:
    found = [shown_answer(entry.key, entry.question, entry, draft.answers.get(entry.key)) for entry in group.situations]
    return found + [
        shown_answer(entry.name, entry.label, entry, draft.answers.get(entry.name)) for entry in group.fields
    ]


def _lines(draft: Draft, wrong: dict[str, str]) -> list[Fault]:
    """Everything that stands in the way, each line leading to its box on its page."""
    asked: list[Group] = [draft.first, *draft.groups]
    labels = {entry.key: entry.question for group in asked for entry in group.situations}
    fields: list[Field] = [entry for group in asked for entry in group.fields]
    labels |= {entry.name: entry.label for entry in fields}
    papers: dict[str, Paper] = {paper.key: paper for paper in draft.papers}
    found = []
    for path, sentence in wrong.items():
        kind, _, name = path.partition(".")
        box = ("m-" if kind == "materials" else "q-") + name.replace(".", "-")
        label = papers[name].name if name in papers else _label(labels, name)
        found.append(Fault(box, label or draft.bundle.name, sentence, page=draft.address(draft.page_of(path))))
    return found


def _label(labels: dict[str, str], name: str) -> str:
    """Of the longest beginning of the path that is a question: "newborn.0.name" or "household.sex"."""
    while name and name not in labels:
        name = name.rpartition(".")[0]
    return labels.get(name, "")


PAGES: dict[str, Callable[[Visit, Draft, str], HttpResponse]] = {
    "situations": ask,
    "parts": show_parts,
    "form": ask,
    "materials": collect,
    "check": check,
}
