"""The words of `words/zh` in templates."""

from django import template

from tongban.base.words import has, say

register = template.Library()


@register.simple_tag
def words(section: str, key: object) -> str:
    """The word under section.key; the key itself when nobody has written one."""
    name = f"{section}.{key}"
    return say(name) if has(name) else str(key)
