"""How limits are written on papers and pages."""

from django import template

from tongban.base.limits import Limit
from tongban.base.words import say

register = template.Library()


@register.filter
def limit(value: Limit | None) -> str:
    """ "15 个工作日"; a limit of nothing is 当场."""
    if value is None:
        return ""
    return say(f"limit.{value.unit}", count=value.count) if value.count else say("limit.at_once")
