"""Who works at this node: found, registered, changed, given a code, gone and come back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import today
from tongban.catalogue.rules import Option
from tongban.orgs.actions import Outcome
from tongban.orgs.queries import find_organ, organ_names
from tongban.people.models import Account
from tongban.people.queries import get_staff, staff, staff_named
from tongban.people.rules import STAFF
from tongban.staff.actions import appoint, bring_back, hand_out_code, leave
from tongban.staff.rules import SERVING, Reader, Sheet, heading
from tongban.web.boxes import Box, choices_of, faults_of
from tongban.web.door import Visit, only
from tongban.web.lines import address
from tongban.web.mishaps import sentences
from tongban.web.operator.framing import crumbs, filled, tabs, why_not
from tongban.web.operator.rights import shown_rights
from tongban.web.paging import PAGE, Pager

MOST_FOUND = 50
TYPED = ("username", "name", "role", "organ")


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody in a list. standing: whether he can come in, in words; tone: class of its tag."""

    account: Account
    role: str
    organ: str
    standing: str
    tone: str


@require_http_methods(["GET", "POST"])
@only(Role.OPERATOR, Role.AUDITOR)
def listed(request: Visit) -> HttpResponse:
    """What is looked for is a name, and names stand in no address: they are sent as a form."""
    begins = request.POST.get("begins", "").strip()[:60]
    organ, after, here = request.GET.get("organ", "")[:18], request.GET.get("after", "")[:60], reverse("ops:staff")
    if begins:
        rows, pager = list(staff_named(request.actor, begins)[: MOST_FOUND + 1]), Pager()
    else:
        rows = list(staff(request.actor, organ=organ, after=after)[: PAGE + 1])
        following = address(here, organ=organ, after=rows[PAGE - 1].username) if len(rows) > PAGE else ""
        rows, pager = rows[:PAGE], Pager(address(here, organ=organ) if after else "", following)
    content = {
        "lines": _lines(rows[:MOST_FOUND]),
        "more": len(rows) > MOST_FOUND,
        "begins": begins,
        "organ": find_organ(organ) if organ else None,
        "pager": pager,
        "may_act": request.actor.role is Role.OPERATOR,
        "tabs": tabs("staff"),
        "crumbs": crumbs(),
    }
    return render(request, "web/operator/staff.html", content)


def _lines(accounts: Sequence[Account]) -> list[Line]:
    names = organ_names({account.organ for account in accounts})
    return [
        Line(account, say(f"role.{account.role}"), names.get(account.organ, ""), *standing(account))
        for account in accounts
    ]


def standing(account: Account) -> tuple[str, str]:
    """Whether he can come in, and the class of the tag that says so."""
    if not account.is_active:
        return say("staff_page.left"), ""
    if account.code_until is not None:
        if account.code_until > timezone.now():
            return say("staff_page.has_code"), "tag-wait"
        return say("staff_page.code_expired"), "tag-warn"
    if not account.has_usable_password():
        return say("staff_page.no_code"), "tag-warn"
    return say("staff_page.in_use"), "tag-good"


@require_safe
@only(Role.OPERATOR, Role.AUDITOR)
def shown(request: Visit, account_id: UUID) -> HttpResponse:
    return _page(request, get_staff(request.actor, account_id))


def _page(request: Visit, account: Account, refusal: Rejected | None = None) -> HttpResponse:
    rights = shown_rights(account)
    content = {
        "line": _lines([account])[0],
        "rights": [right for right in rights if right.grant.ended_at is None],
        "ended": [right for right in rights if right.grant.ended_at is not None],
        "officer": account.role == Role.OFFICER,
        "duties": say(f"staff_page.duties_{account.role}"),
        "wrong": why_not(refusal),
        "typed": request.POST.get("left_on", today().isoformat()),
        "oneself": request.actor.person in (account.id, account.officer_id),
        "may_act": request.actor.role is Role.OPERATOR,
        "crumbs": crumbs((say("organ_page.staff"), reverse("ops:staff")), (account.name, "")),
    }
    return render(request, "web/operator/member.html", content, status=422 if refusal else 200)


@require_http_methods(["GET", "POST"])
@only(Role.OPERATOR)
def new(request: Visit) -> HttpResponse:
    if request.method != "POST":
        return _form(request, None, {"organ": request.GET.get("organ", "")[:18]})
    return _save(request, None)


@require_http_methods(["GET", "POST"])
@only(Role.OPERATOR)
def change(request: Visit, account_id: UUID) -> HttpResponse:
    account = get_staff(request.actor, account_id)
    if request.method != "POST":
        return _form(request, account, {name: str(getattr(account, name)) for name in TYPED})
    return _save(request, account)


def _save(request: Visit, account: Account | None) -> HttpResponse:
    typed = {name: request.POST.get(name, "").strip() for name in TYPED}
    if account:
        typed["username"] = account.username
    try:
        saved, outcome = _appoint(request, account, typed)
    except Rejected as refusal:
        return _form(request, account, typed, sentences(refusal))
    messages.success(request, say(f"staff_page.{outcome}"))
    return redirect("ops:member", saved.id)


def _appoint(request: Visit, account: Account | None, typed: Mapping[str, str]) -> tuple[Account, Outcome]:
    role = next((role for role in STAFF if role == typed["role"]), None)
    if role is None:
        raise Rejected("invalid", fields={"role": "staff_role_unknown"})
    found, outcome = appoint(
        request.actor, username=typed["username"], name=typed["name"], role=role, organ=typed["organ"], new=not account
    )
    return found, outcome


def _form(
    request: Visit, account: Account | None, typed: Mapping[str, str], faults: Mapping[str, str] | None = None
) -> HttpResponse:
    boxes = _boxes(account, typed, faults or {})
    title = say("staff_page.change") if account else say("staff_page.register")
    content = {
        "title": title,
        "boxes": boxes,
        "errors": faults_of(boxes),
        "account": account,
        "back": reverse("ops:member", args=[account.id]) if account else reverse("ops:staff"),
        "crumbs": crumbs((say("organ_page.staff"), reverse("ops:staff")), (title, "")),
    }
    return render(request, "web/operator/member_form.html", content, status=422 if faults else 200)


def _boxes(account: Account | None, typed: Mapping[str, str], faults: Mapping[str, str]) -> list[Box]:
    """Between serving an organ and running the node nobody changes: of an account only its own kind is offered."""
    roles = [role for role in STAFF if account is None or (role in SERVING) is (account.role in SERVING)]
    choices = choices_of([Option(str(role), say(f"role.{role}")) for role in roles], typed.get("role"))
    username = Box("username", heading(Sheet.STAFF, "username"), hint=say("staff_page.hint_username"))
    hint = say("staff_page.hint_organ")
    organ = Box("organ", heading(Sheet.STAFF, "organ"), "credit_code", hint=hint, required=False)
    boxes = [
        *([] if account else [username]),
        Box("name", heading(Sheet.STAFF, "name")),
        Box("role", heading(Sheet.STAFF, "role"), "choice", choices=choices),
        *([organ] if account is None or account.role in SERVING else []),
    ]
    return [filled(box, typed, faults) for box in boxes]


@require_POST
@never_cache
@only(Role.OPERATOR)
def code(request: Visit, account_id: UUID) -> HttpResponse:
    """Shown this once, to be printed and handed over: it is nowhere stored."""
    account = get_staff(request.actor, account_id)
    try:
        given, coded = hand_out_code(request.actor, account=account.id)
    except Rejected as refusal:
        return _page(request, account, refusal)
    content = {
        "line": _lines([coded])[0],
        "code": given,
        "log_in_at": request.build_absolute_uri(reverse("login")),
        "crumbs": crumbs(
            (say("organ_page.staff"), reverse("ops:staff")), (coded.name, reverse("ops:member", args=[coded.id]))
        ),
    }
    return render(request, "web/operator/code.html", content)


@require_POST
@only(Role.OPERATOR)
def go(request: Visit, account_id: UUID) -> HttpResponse:
    account = get_staff(request.actor, account_id)
    try:
        on = Reader.day(request.POST.get("left_on", "").strip())
        if on is None:
            raise Rejected("day_form")
        leave(request.actor, account=account.id, on=on)
    except Rejected as refusal:
        return _page(request, account, refusal)
    messages.success(request, say("staff_page.gone"))
    return redirect("ops:member", account.id)


@require_POST
@only(Role.OPERATOR)
def come_back(request: Visit, account_id: UUID) -> HttpResponse:
    account = get_staff(request.actor, account_id)
    bring_back(request.actor, account=account.id)
    messages.success(request, say("staff_page.back"))
    return redirect("ops:member", account.id)
