"""The frame of a form of several pages: where one is, what is behind, the way back, and how to give it up."""

from collections.abc import Callable, Mapping
from typing import Any


def frame(steps: Mapping[str, str], now: str, address: Callable[[str], str]) -> dict[str, Any]:
    """For `web/citizen/wizard.html`. steps: in their order, with what each is called."""
    names = list(steps)
    position = names.index(now)
    marks = ["done" if index < position else "now" if index == position else "" for index in range(len(names))]
    return {
        "step": now,
        "step_name": steps[now],
        "steps": [(steps[name], address(name), mark) for name, mark in zip(names, marks, strict=True)],
        "back": address(names[position - 1]) if position else "",
    }
