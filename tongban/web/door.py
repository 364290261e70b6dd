"""The door for people: the Actor built once a request, and who may enter which page."""

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tongban.base.actor import Actor, Role, Via
from tongban.base.errors import Rejected
from tongban.calendar.queries import now
from tongban.people.models import Account
from tongban.people.queries import actor_of

HELPING, HELPING_SINCE, HELPED_NAME = "helping", "helping_since", "helped_name"
HELPING_LASTS = timedelta(hours=1)


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
