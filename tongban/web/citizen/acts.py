"""What the person does in his own case: supply, name a new account, choose, withdraw."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from tongban.applications.actions import drop_supplement, send_supplement
from tongban.applications.actions import supply as hand_in_supplement
from tongban.applications.models import Supplement
from tongban.applications.queries import waiting_supplement
from tongban.base.errors import NotYet, Rejected
from tongban.base.words import say
from tongban.cases.actions import move
from tongban.cases.queries import View, get_view
from tongban.cases.rules.table import Act
from tongban.web.boxes import Fault, faults_of
from tongban.web.citizen.case import Attempt, back_to, case_page, definition_of
from tongban.web.citizen.correction import correction_boxes, read_correction
from tongban.web.door import Visit, for_persons
from tongban.web.mishaps import sentence_of, status_of
from tongban.web.seen import read_seen

LONGEST_REASON = 500


@require_POST
@for_persons
def supply(request: Visit, case_id: UUID) -> HttpResponse:
    """Answer the correction notice; everything that it lists at one time."""
    view = get_view(request.actor, case_id)
    definition = definition_of(view)
    content, faults = read_correction(request, view, definition)
    button = request.POST.get("narrow") or request.POST.get("more")
    if button or faults:
        shown = {} if button else faults
        boxes = correction_boxes(
            view, definition, answers=content["answers"], faults=shown, grow=request.POST.get("more", "")
        )
        attempt = Attempt(boxes=boxes, errors=tuple(faults_of(boxes)))
        return case_page(request, case_id, attempt, status=200 if button else 422)
    try:
        done = hand_in_supplement(request.actor, case_id, seen=_seen(request, view), content=content)
    except (Rejected, NotYet) as refusal:
        boxes = correction_boxes(view, definition, answers=content["answers"])
        return case_page(request, case_id, Attempt(boxes=boxes, notice=sentence_of(refusal)), status=status_of(refusal))
    waits = isinstance(done, Supplement)
    messages.success(request, say("signing.supplement_asked" if waits else "citizen.supplied"))
    return back_to(case_id)


@require_POST
@for_persons
def send_waiting(request: Visit, case_id: UUID) -> HttpResponse:
    """Hand in the supplement that all have signed, or give it up."""
    get_view(request.actor, case_id)
    waiting = waiting_supplement(case_id)
    if waiting is None:
        return back_to(case_id)
    try:
        if request.POST.get("do") == "drop":
            drop_supplement(request.actor, waiting.id)
            messages.success(request, say("signing.supplement_dropped"))
        else:
            send_supplement(request.actor, waiting.id)
            messages.success(request, say("signing.supplement_sent"))
    except (Rejected, NotYet) as refusal:
        return case_page(request, case_id, Attempt(notice=sentence_of(refusal)), status=status_of(refusal))
    return back_to(case_id)


@require_POST
@for_persons
def account(request: Visit, case_id: UUID) -> HttpResponse:
    """A new account, after the bank has sent the payment back."""
    number = "".join(request.POST.get("account", "").split())
    view = get_view(request.actor, case_id)
    try:
        if not (number.isascii() and number.isdigit() and 8 <= len(number) <= 30):
            raise Rejected("account_wrong")
        _act(request, view, Act.SUPPLY, {"account": number})
    except (Rejected, NotYet) as refusal:
        fault = Fault("account", say("label.account"), sentence_of(refusal))
        attempt = Attempt(errors=(fault,), account=request.POST.get("account", ""))
        return case_page(request, case_id, attempt, status=status_of(refusal))
    messages.success(request, say("citizen.account_named"))
    return back_to(case_id)


@require_POST
@for_persons
def withdraw(request: Visit, case_id: UUID) -> HttpResponse:
    """Give the application up before it is decided, after a question on a page of its own."""
    view = get_view(request.actor, case_id)
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
    if request.POST.get("sure") != "yes":
        fault = Fault("sure", say("citizen.sure"), say("citizen.sure_missing"))
        return case_page(request, case_id, Attempt(errors=(fault,)), status=422)
    _act(request, view, Act.WITHDRAW, {"reason": reason} if reason else {})
    messages.success(request, say("citizen.withdrawn"))
    return back_to(case_id)


@require_POST
@for_persons
def choose(request: Visit, case_id: UUID) -> HttpResponse:
    """The answer to the question that a refused part puts: go on with the rest, or withdraw."""
    view = get_view(request.actor, case_id)
    chosen = request.POST.get("choice", "")
    try:
        if chosen == "go_on":
            _act(request, view, Act.GO_ON, {"parts": [part.id for part in view.state.asked]})
        elif chosen == "withdraw":
            _act(request, view, Act.WITHDRAW, {"reason": say("choice.withdraw_reason")})
        else:
            fault = Fault("choice", say("choice.label"), say("choice.missing"))
            return case_page(request, case_id, Attempt(errors=(fault,)), status=422)
    except (Rejected, NotYet) as refusal:
        return case_page(request, case_id, Attempt(notice=sentence_of(refusal)), status=status_of(refusal))
    messages.success(request, say("choice.sent"))
    return back_to(case_id)


def _act(request: Visit, view: View, act: Act, content: dict[str, object]) -> None:
    move(request.actor, view.case.id, act, seen=_seen(request, view), content=content)


def _seen(request: Visit, view: View) -> int:
    seen = read_seen(request.POST)
    return view.case.head if seen is None else seen
