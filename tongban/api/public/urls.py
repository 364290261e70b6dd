from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from tongban.api.public.interface import make_interface
from tongban.api.public.problems import problem_of, respond
from tongban.base.errors import Rejected


@csrf_exempt
def elsewhere(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Programs get a problem, not a page, for a path that is none."""
    return respond(problem_of(Rejected("no_such_path")))


urlpatterns: list[URLPattern | URLResolver] = [
    path("", make_interface().urls),
    re_path("", elsewhere, name="elsewhere"),
]
