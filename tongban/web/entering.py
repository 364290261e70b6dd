"""Log in, choose the first password, change it, log out."""

import time

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.logins.actions import change_password, choose_password, come_in
from tongban.people.models import Account
from tongban.people.queries import demo_accounts, find_choosing
from tongban.people.rules import STAFF
from tongban.web.boxes import Box, faults_of
from tongban.web.device import origin_of, remember
from tongban.web.door import Visit, only
from tongban.web.mishaps import sentence_of, sentences

LANDING = {
    Role.CLERK: "/counter/",
    Role.OFFICER: "/office/",
    Role.OPERATOR: "/ops/",
    Role.AUDITOR: "/ops/",
}
CHOOSING = "choosing"
CHOOSING_SECONDS = 900
EVERYBODY = (Role.APPLICANT, *STAFF)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def log_in(request: Visit) -> HttpResponse:
    """One page for citizens, clerks, officers and operators; where it leads depends on the role."""
    target = request.POST.get("next", request.GET.get("next", ""))
    if request.method != "POST":
        return _log_in_page(request, target)
    username = request.POST.get("username", "")
    try:
        account = come_in(
            request.actor,
            username=username,
            password=request.POST.get("password", ""),
            origin=origin_of(request, username),
        )
    except Rejected as refusal:
        return _log_in_page(request, target, refusal)
    if account.code_until is not None:
        request.session.flush()
        request.session[CHOOSING] = [str(account.id), account.get_session_auth_hash(), int(time.time()), target]
        return redirect("choose_password")
    return _let_in(request, account, target)


def _log_in_page(request: Visit, target: str, refusal: Rejected | None = None) -> HttpResponse:
    content = {
        "next": target,
        "username": request.POST.get("username", "").strip(),
        "error": sentence_of(refusal) if refusal else "",
        "paused": is_paused(refusal),
        "accounts": demo_accounts(),
    }
    return refused(render(request, "web/login.html", content), refusal)


def is_paused(refusal: Rejected | None) -> bool:
    """Whether nothing was wrong with what was typed: it was not looked at."""
    return refusal is not None and refusal.reason == "login_paused"


def refused(page: HttpResponse, refusal: Rejected | None) -> HttpResponse:
    """The page of a log-in form with the status of what it was answered."""
    if refusal is not None:
        page.status_code = 422
    if refusal is not None and is_paused(refusal):
        page.status_code = 429
        page["Retry-After"] = str(refusal.facts["retry_after"])
    return page


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: Visit) -> HttpResponse:
    """Whoever came with a code chooses his password before he is let in."""
    account, target = _choosing(request)
    if account is None:
        return redirect("login")
    faults: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in ("password", "again")}
        try:
            renewed = choose_password(request.actor, account=account, **typed)
        except Rejected as refusal:
            faults = sentences(refusal)
        else:
            return _let_in(request, renewed, target)
    boxes = _boxes(faults)
    content = {"boxes": boxes, "errors": faults_of(boxes), "username": account.username}
    return render(request, "web/choose_password.html", content, status=422 if faults else 200)


def _choosing(request: HttpRequest) -> tuple[Account | None, str]:
    """Who may choose a password in this browser: for a quarter of an hour, and only with the code he came with."""
    identity, secret, since, target = request.session.get(CHOOSING, ["", "", 0, ""])
    if not identity or time.time() - since > CHOOSING_SECONDS:
        return None, ""
    account = find_choosing(identity)
    if account is None or account.get_session_auth_hash() != secret:
        return None, ""
    return account, target


def _let_in(request: HttpRequest, account: Account, target: str) -> HttpResponse:
    login(request, account)
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(target if target and safe else LANDING.get(Role(account.role), "/"))
    remember(request, response, account.username)
    return response


@sensitive_post_parameters("current", "password", "again")
@require_http_methods(["GET", "POST"])
@only(*EVERYBODY)
def change(request: Visit) -> HttpResponse:
    """A new password for the old one; whoever else is logged in with this account is out."""
    faults: dict[str, str] = {}
    if request.method == "POST" and isinstance(request.user, Account):
        try:
            _change(request, request.user)
        except Rejected as refusal:
            faults = sentences(refusal) or {"current": sentence_of(refusal)}
        else:
            messages.success(request, say("entering.changed"))
            return redirect("change_password")
    current = Box("current", say("entering.current"), "password", wrong=faults.get("current", ""))
    boxes = [current, *_boxes(faults)]
    content = {"boxes": boxes, "errors": faults_of(boxes), "crumbs": [(say("entering.change"), "")]}
    return render(request, "web/change_password.html", content, status=422 if faults else 200)


def _change(request: Visit, account: Account) -> None:
    typed = {name: request.POST.get(name, "") for name in ("current", "password", "again")}
    origin = origin_of(request, account.username)
    renewed = change_password(request.actor, account=account, origin=origin, **typed)
    update_session_auth_hash(request, renewed)


def _boxes(faults: dict[str, str]) -> list[Box]:
    hint = say("entering.hint")
    return [
        Box("password", say("entering.new"), "new_password", hint=hint, wrong=faults.get("password", "")),
        Box("again", say("entering.again"), "new_password", wrong=faults.get("again", "")),
    ]


@require_POST
def log_out(request: Visit) -> HttpResponse:
    logout(request)
    return redirect("zone")
