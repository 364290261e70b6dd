"""Signing before a clerk: what is shown whole, who stands there, and how that was made sure of."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tongban.applications.actions import drop_supplement, send_supplement, sign_at_counter
from tongban.applications.queries import get_application, get_at_counter, to_sign_at_counter, waiting_supplement
from tongban.applications.queries.signing import Matter
from tongban.applications.rules import IDENTITY_WAYS
from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.identifiers import tidy
from tongban.base.words import say
from tongban.people.rules import IdType
from tongban.web.boxes import Box
from tongban.web.citizen.signing import lines_to_sign, whole_of
from tongban.web.counter.person import select_box
from tongban.web.door import Visit, only
from tongban.web.looks import is_open, look
from tongban.web.mishaps import sentence_of, sentences, status_of
from tongban.web.signing import signer_lines, stage_of

MOST = 20


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def by_card(request: Visit) -> HttpResponse:
    """What waits for the signature of him whose card the clerk has before him."""
    number, lines, error, status = tidy(request.POST.get("id_number", "")), [], "", 200
    if request.method == "POST":
        try:
            lines = lines_to_sign(list(_waiting(request, number)[:MOST]))
        except Rejected as refusal:
            error, status = next(iter(sentences(refusal).values()), sentence_of(refusal)), 422
    content = {
        "number": number,
        "lines": lines,
        "error": error,
        "asked": request.method == "POST" and not error,
        "crumbs": [(say("counter.desk"), reverse("counter:desk")), (say("counter.signatures"), "")],
    }
    return render(request, "web/counter/by_card.html", content, status=status)


def _waiting(request: Visit, number: str) -> Any:
    """By identity number, or by credit code for an organisation's handler. Raises Rejected("invalid")."""
    try:
        return to_sign_at_counter(request.actor, id_type=IdType.IDENTITY_CARD, id_number=number)
    except Rejected as refusal:
        if number[:2].isdigit() and number.isdigit():
            raise
        try:
            return to_sign_at_counter(request.actor, id_type=IdType.CREDIT_CODE, id_number=number)
        except Rejected:
            raise refusal from None


@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def sheet(request: Visit, matter: UUID) -> HttpResponse:
    """The whole of it to be read and printed, and a button for each who signs. do: open or sign:<number>."""
    number = tidy(request.POST.get("id_number", ""))
    found = get_at_counter(request.actor, matter, id_number=number)
    notice, status = "", 200
    button, _, party = request.POST.get("do", "").partition(":")
    if button == "sign":
        try:
            _sign(request, matter, party, number)
        except Rejected as refusal:
            notice, status = sentence_of(refusal), status_of(refusal)
    _look(request, found)
    return render(request, "web/counter/sign.html", _content(found, number, notice), status=status)


def _sign(request: Visit, matter: UUID, party: str, number: str) -> None:
    sign_at_counter(
        request.actor,
        matter,
        no=int(party) if party.isascii() and party.isdigit() and len(party) < 4 else 0,
        way=request.POST.get(f"way.{party}", ""),
        note=request.POST.get(f"note.{party}", ""),
        id_number=number,
    )
    messages.success(request, say("counter.signed"))


def _look(request: Visit, found: Matter) -> None:
    if not is_open(request, found.case):
        look(request, subject=found.person, case=found.case, what="application", purpose=say("purpose.signing"))


def _content(found: Matter, number: str, notice: str) -> dict[str, Any]:
    lines = signer_lines(found.id)
    mine = bool(found.organ) and not number
    back = reverse("counter:case" if found.changed else "counter:intake", args=[found.case])
    return whole_of(found) | {
        "lines": [(line, _boxes(line.no)) for line in lines],
        "stage": stage_of(line.state for line in lines),
        "number": number,
        "only": _own_line(found, number),
        "mine": mine,
        "back": back if mine else reverse("counter:by-card"),
        "notice": notice,
        "crumbs": [(say("counter.desk"), reverse("counter:desk")), (found.definition.name, "")],
    }


def _own_line(found: Matter, number: str) -> str:
    """Of what another has received only he signs here whose card was shown; empty where all may."""
    if not number:
        return ""
    named = [tidy(str(found.applicant["id_number"])), *(tidy(signer.person.number) for signer in found.signers)]
    return str(named.index(number) + 1) if number in named else "0"


def _boxes(no: int) -> list[Box]:
    ways = {way: say(f"identity_way.{way}") for way in IDENTITY_WAYS}
    return [
        select_box(f"way.{no}", say("counter.way"), ways, IDENTITY_WAYS[0]),
        Box(f"note.{no}", say("counter.way_note"), required=False),
    ]


@require_POST
@only(Role.CLERK)
def supplement(request: Visit, case_id: UUID) -> HttpResponse:
    """Hand in the supplement that all have signed, or give it up."""
    get_application(request.actor, case_id)
    waiting = waiting_supplement(case_id)
    if waiting is not None:
        try:
            if request.POST.get("do") == "drop":
                drop_supplement(request.actor, waiting.id)
                messages.success(request, say("signing.supplement_dropped"))
            else:
                send_supplement(request.actor, waiting.id)
                messages.success(request, say("signing.supplement_sent"))
        except Rejected as refusal:
            messages.error(request, sentence_of(refusal))
    return redirect("counter:case", case_id)
