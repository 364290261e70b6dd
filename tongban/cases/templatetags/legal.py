"""How limits are written on papers and pages."""

from django import template

from tongban.base.limits import Limit, Unit

register = template.Library()
UNITS = {Unit.WORKING: "个工作日", Unit.NATURAL: "日", Unit.HOURS: "小时", Unit.MONTHS: "个月", Unit.YEARS: "年"}


@register.filter
def limit(value: Limit | None) -> str:
    """ "15 个工作日"; a limit of nothing is 当场."""
    if value is None:
        return ""
    return f"{value.count}{UNITS[value.unit]}" if value.count else "当场"
