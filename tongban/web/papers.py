"""Numbered papers as they were written, maybe by another node: shown in a sandbox that runs nothing."""

from django.http import HttpResponse
from django.templatetags.static import static

from tongban.web.safety import HEADER, PAPER_POLICY


def paper_page(html: str) -> HttpResponse:
    """The page of a paper with this node's style sheet added; all the rest is byte for byte what the digest covers."""
    styled = html.replace("<head>", f'<head><link rel="stylesheet" href="{static("web/paper.css")}">', 1)
    return HttpResponse(styled, headers={HEADER: PAPER_POLICY})


def paper_file(html: str, *, name: str) -> HttpResponse:
    """The very bytes whose digest stands in the step, to be kept."""
    response = HttpResponse(html.encode(), content_type="text/html; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.html"'
    response.headers[HEADER] = PAPER_POLICY
    return response
