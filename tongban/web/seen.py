"""What lay before a person when he pressed the button."""

from django.http import QueryDict

MOST_DIGITS = 9


def read_seen(post: QueryDict) -> int | None:
    """The number of the step, or the revision of the draft, that the page showed; None for a form without one."""
    text = post.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
