"""The door for people: one log-in for everybody, and the Actor built once a request."""

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import Rejected
from tongban.base.words import say
from tongban.calendar.queries import now
from tongban.people.models import Account
from tongban.people.queries import actor_of

HELPING, HELPING_SINCE, HELPED_NAME = "helping", "helping_since", "helped_name"
HELPING_LASTS = timedelta(hours=1)
LANDING = {
    Role.CLERK: "/counter/",
    Role.OFFICER: "/office/",
    Role.OPERATOR: "/ops/",
    Role.AUDITOR: "/ops/",
}


class Visit(HttpRequest):
    """A request that has come through the door."""

    actor: Actor


View = Callable[..., HttpResponseBase]


def door(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: puts the Actor on the request. A clerk who helps a person (帮办) acts on that person's behalf."""

    def enter(request: HttpRequest) -> HttpResponse:
        request.actor = _actor(request)  # type: ignore[attr-defined]
        return get_response(request)

    return enter


def _actor(request: HttpRequest) -> Actor:
    if not isinstance(request.user, Account):
        return Actor(role=Role.ANYONE, node=settings.NODE)
    actor = actor_of(request.user)
    if actor.role is not Role.CLERK:
        return actor
    return replace(actor, via=Via.COUNTER, on_behalf_of=_helped(request))


def _helped(request: HttpRequest) -> UUID | None:
    """The person whom the clerk is helping; what was not ended by a click ends after an hour."""
    helped, since = request.session.get(HELPING), request.session.get(HELPING_SINCE)
    if not helped or not since or now() - datetime.fromisoformat(since) > HELPING_LASTS:
        return None
    return UUID(helped)


def only(*roles: Role) -> Callable[[View], View]:
    """The page is for these roles; a visitor is asked to log in, everybody else is told that it is not for him."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Visit, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.actor.role is Role.ANYONE:
                return redirect_to_login(request.get_full_path())
            if request.actor.role not in roles:
                raise Rejected("not_allowed")
            if request.actor.stands_for not in roles:
                return render(request, "web/counter/busy.html", status=HTTPStatus.CONFLICT)
            return never_cache(view)(request, *args, **kwargs)

        return guarded

    return guard


def for_persons(view: View) -> View:
    """The page is for a person in his own matters, or for a clerk who is helping one (帮办)."""

    @functools.wraps(view)
    def guarded(request: Visit, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.actor.role is Role.ANYONE:
            return redirect_to_login(request.get_full_path())
        if request.actor.subject is None:
            raise Rejected("not_allowed")
        return never_cache(view)(request, *args, **kwargs)

    return guarded


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def log_in(request: Visit) -> HttpResponse:
    """One page for citizens, clerks, officers and operators; where it leads depends on the role."""
    target = request.POST.get("next", request.GET.get("next", ""))
    username = request.POST.get("username", "").strip()
    error = ""
    if request.method == "POST":
        account = authenticate(request, username=username, password=request.POST.get("password", ""))
        if isinstance(account, Account):
            login(request, account)
            return HttpResponseRedirect(_landing(request, target, Role(account.role)))
        error = say("reason.login_failed")
    accounts = Account.objects.filter(is_demo=True, is_active=True).order_by("username") if settings.DEMO else ()
    content = {"next": target, "username": username, "error": error, "accounts": accounts}
    return render(request, "web/login.html", content, status=422 if error else 200)


@require_POST
def log_out(request: Visit) -> HttpResponse:
    logout(request)
    return redirect("/")


def _landing(request: HttpRequest, target: str, role: Role) -> str:
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and safe else LANDING.get(role, "/")
