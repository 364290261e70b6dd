"""Paths of the public interface; whatever goes wrong on the way to an operation is told as a problem, too."""

import functools
import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from tongban.api.public.interface import make_interface
from tongban.api.public.problems import problem_of, respond
from tongban.base.errors import Rejected

View = Callable[..., HttpResponseBase]
interface = make_interface()


@csrf_exempt
def elsewhere(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Programs get a problem, not a page, for a path that is none."""
    return respond(problem_of(Rejected("no_such_path")))


@csrf_exempt
@require_safe
def description(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The interface as OpenAPI 3.1."""
    return HttpResponse(_described(), content_type="application/json")


@functools.cache
def _described() -> bytes:
    return json.dumps(interface.get_openapi_schema(), ensure_ascii=False).encode()


def _told(view: View) -> View:
    """The view, whose answer to a method that it does not know is a problem."""

    @csrf_exempt
    @functools.wraps(view)
    def told(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        problem = respond(problem_of(Rejected("no_such_method")))
        problem["Allow"] = response["Allow"]
        return problem

    return told


def _patterns() -> list[URLPattern | URLResolver]:
    found, application, namespace = interface.urls
    for pattern in found:
        if isinstance(pattern, URLPattern):
            pattern.callback = _told(pattern.callback)
    return [path("", (found, application, namespace))]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", elsewhere),
    path("openapi.json", _told(description), name="openapi"),
    *_patterns(),
    re_path("", elsewhere, name="elsewhere"),
]
