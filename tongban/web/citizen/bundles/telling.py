"""What pages say of a bundle's parts: in which order, how long, on which condition, why by another way."""

from collections.abc import Mapping, Sequence
from typing import Any

from tongban.base.limits import Limit, Unit
from tongban.base.words import has, say
from tongban.bundles.rules.definition import Bundle, Elsewhere, Part
from tongban.bundles.rules.planning import Span, longest
from tongban.catalogue.rules.form import Condition
from tongban.web.shown import readable


def names_of(bundle: Bundle) -> dict[str, str]:
    return {part.key: part.name for part in bundle.parts} | {one.key: one.name for one in bundle.elsewhere}


def condition_of(bundle: Bundle, when: Condition | None) -> list[str]:
    """On which answers something is needed, in words; nothing for what always is."""
    questions = {entry.key: entry for entry in bundle.situations}
    found = []
    for name, values in when.wants if when else ():
        labels = [option.label for option in questions[name].options if option.value in values]
        found.append(say("bundle.when", question=questions[name].question, answer="、".join(labels)))
    return found


def why_apart(why: str, facts: Mapping[str, Any]) -> str:
    """Why a part is not handed in with the others."""
    if has(f"bundle_apart.{why}"):
        return say(f"bundle_apart.{why}")
    if has(f"route.{why}"):
        return say(f"route.{why}", **readable(facts))
    return say(f"reason.{why}", **readable(facts)) if has(f"reason.{why}") else say("reason.invalid")


def after_of(bundle: Bundle, entry: Part | Elsewhere, open_parts: set[str]) -> str:
    """What has to be done before; a part that is handed in here is waited for by itself."""
    if not entry.after:
        return ""
    name = names_of(bundle)[entry.after]
    known = entry.after in open_parts and isinstance(entry, Part)
    return say("bundle.after" if known else "bundle.after_elsewhere", part=name)


def span_of(parts: Sequence[Part], limits: Mapping[str, Limit | None]) -> Span:
    """The longest way through these parts; what comes after something that is not among them begins at once."""
    return longest(parts, {key: limit for key, limit in limits.items() if limit is not None})


def span_words(span: Span) -> str:
    """Working days and natural days are told apart: nobody can add them up."""
    said = [
        say(f"bundle.days_{unit}", count=count)
        for unit, count in ((Unit.WORKING, span.working), (Unit.NATURAL, span.natural))
        if count
    ]
    return say("bundle.and").join(said) if said else say("bundle.at_once")
