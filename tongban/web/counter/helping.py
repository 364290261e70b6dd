"""帮办: a clerk helps a person who has typed his own password; the session says so plainly and ends with one click."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.base.actor import Role
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import now
from tongban.journal.actions import record, record_look
from tongban.logins.actions import come_in
from tongban.people.models import Account
from tongban.people.queries import find_people, masked
from tongban.web.device import origin_of
from tongban.web.door import HELPED_NAME, HELPING, HELPING_SINCE, Visit, only
from tongban.web.entering import is_paused, refused
from tongban.web.mishaps import sentence_of


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@only(Role.CLERK)
def begin(request: Visit) -> HttpResponse:
    username, error = request.POST.get("username", "").strip(), ""
    refusal = None
    if request.method == "POST":
        try:
            return _begin(request, _helped(request, username))
        except Rejected as refused_for:
            refusal, error = refused_for, sentence_of(refused_for)
    content = {
        "username": username,
        "error": error,
        "paused": is_paused(refusal),
        "crumbs": [(say("counter.desk"), "/counter/"), (say("counter.helping"), "")],
    }
    return refused(render(request, "web/counter/help.html", content), refusal)


def _helped(request: Visit, username: str) -> Account:
    """Whose own password was typed. Raises Rejected like the log-in itself."""
    origin = origin_of(request, username)
    account = come_in(request.actor, username=username, password=request.POST.get("password", ""), origin=origin)
    if account.role != Role.APPLICANT or not account.person_id:
        raise Rejected("login_failed")
    if account.code_until is not None:
        raise Rejected("code_only_for_choosing")
    return account


def _begin(request: Visit, account: Account) -> HttpResponse:
    """The principal of a company's account is whom the matter concerns."""
    subject = account.principal_id or account.person_id
    if subject is None:
        raise Rejected("not_allowed")
    record_look(request.actor, subject=subject, case=None, what="account", purpose=say("purpose.helping"))
    person = find_people(request.actor, [subject]).get(subject)
    request.session.cycle_key()
    request.session[HELPING] = str(subject)
    request.session[HELPING_SINCE] = now().isoformat()
    request.session[HELPED_NAME] = masked(person)["name"] if person else account.name
    return redirect("/")


@require_POST
def end(request: Visit) -> HttpResponse:
    if request.actor.role is not Role.CLERK:
        raise Rejected("not_allowed")
    for key in (HELPING, HELPING_SINCE, HELPED_NAME):
        request.session.pop(key, None)
    record(request.actor, event="helping_ended", facts={})
    messages.success(request, say("counter.helped"))
    return redirect("counter:desk")
