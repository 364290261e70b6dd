"""When something goes wrong: a page in plain words that says what to do next."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template import loader

from tongban.base.errors import NotYet, Rejected
from tongban.base.words import has, say
from tongban.web.shown import readable

Refusal = Rejected | NotYet
CONFLICTS = frozenset(
    {
        "stale",
        "draft_changed",
        "submitted_already",
        "opened_already",
        "not_now",
        "part_not_open",
        "draft_not_now",
        "draft_open_already",
        "draft_outdated",
        "standard_changed",
        "own_draft",
    }
)
UNSHOWN = frozenset({"csrfmiddlewaretoken", "password"})
STATUSES = {
    "not_found": 404,
    "not_allowed": 403,
    "item_unknown": 404,
    "bundle_unknown": 404,
    "agreement_unknown": 404,
    "invalid": 422,
    "nothing_asked": 409,
}


def mishaps(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: `Rejected` and `NotYet` that a page let pass become pages."""
    return _Mishaps(get_response)


class _Mishaps:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and _is_page(request):
            page = answer(request, response.status_code)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not _is_page(request) or not isinstance(error, Rejected | NotYet):
            return None
        if isinstance(error, NotYet) and request.method == "POST":
            return keep_typed(request, sentence_of(error))
        return answer(request, status_of(error), sentence_of(error))


def _is_page(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.func.__module__.startswith("tongban.web")


def status_of(error: Refusal) -> int:
    if isinstance(error, NotYet):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return 409 if error.reason in CONFLICTS else STATUSES.get(error.reason, 422)


def sentence_of(error: Refusal) -> str:
    """What a person reads of the reason; a reason that no file knows yet reads as the general one."""
    key = f"reason.{error.reason}"
    return say(key if has(key) else "reason.invalid", **readable(error.facts))


def sentences(error: Refusal) -> dict[str, str]:
    """Field -> sentence, of reason codes or of sentences already said."""
    if isinstance(error, NotYet):
        return {}
    return {name: say(f"reason.{code}") if has(f"reason.{code}") else code for name, code in error.fields.items()}


def keep_typed(request: HttpRequest, sentence: str) -> HttpResponse:
    """What cannot be taken now comes back on a form of its own, to be sent once more later."""
    fields = [(name, value) for name, values in request.POST.lists() if name not in UNSHOWN for value in values]
    content = {
        "sentence": sentence,
        "texts": [(name, value) for name, value in fields if _is_typed(value)],
        "marks": [(name, value) for name, value in fields if not _is_typed(value)],
        "files": [file.name for _, files in request.FILES.lists() for file in files],
        "back": request.get_full_path(),
    }
    return render(request, "web/kept.html", content, status=HTTPStatus.SERVICE_UNAVAILABLE)


def _is_typed(value: str) -> bool:
    """Something that a person wrote, and may want to see again; not a mark of the form's own."""
    return not value.isascii() or " " in value or "\n" in value


def answer(request: HttpRequest, status: int, sentence: str = "") -> HttpResponse:
    content = {"status": status, "title": say(f"mishap.title_{_known(status)}"), "sentence": sentence}
    content["next"] = say(f"mishap.next_{_known(status)}")
    return render(request, "web/mishap.html", content, status=status)


def _known(status: int) -> int:
    return status if has(f"mishap.title_{status}") else HTTPStatus.UNPROCESSABLE_ENTITY


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return answer(request, 404)


def defect(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Nothing of the node is asked here: whatever is broken may be what the page would need."""
    content = {"status": 500, "title": say("mishap.title_500"), "next": say("mishap.next_500")}
    return HttpResponse(loader.render_to_string("web/defect.html", content), status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form's token has expired, mostly because the person logged in or out in another window."""
    return answer(request, 403, say("mishap.stale_form"))
