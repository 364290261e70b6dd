"""All plays at once, a few at a time; when all of them wait for days to pass, the clocks of all nodes are set on."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from journey.clients import Cast, Gone, Refused
from journey.outcomes import Script
from journey.play import Plan, Play, Stuck
from journey.progress import Progress
from journey.proofs import fault_of, is_provable
from journey.reading import read_papers

AT_ONCE = 6


@dataclass
class Played:
    """fault: why the play did not come to its end, empty when it did; proven: whether its pattern was proved.

    waits: days that have to pass before it goes on.
    """

    plan: Plan
    play: Play
    turns: Iterator[int]
    fault: str = ""
    proven: bool = False
    seconds: float = 0.0
    waits: int = field(default=0)


def play_all(
    plays: Sequence[tuple[Play, Script]],
    cast: Cast,
    nodes: Sequence[str],
    progress: Progress,
    *,
    at_once: int = AT_ONCE,
) -> list[Played]:
    """Play every script to its end; a play that fails does not stop the others.

    Items whose window is closed come last: until it opens, the papers and clocks of all others would run out.
    """
    all_played = [Played(play.plan, play, _turns(play, script)) for play, script in plays]
    with ThreadPoolExecutor(at_once) as pool:
        for late in (False, True):
            active = [played for played in all_played if played.plan.item.has_windows is late]
            while active:
                list(pool.map(lambda played: _go_on(played, progress), [each for each in active if each.waits <= 0]))
                active = [played for played in active if played.waits > 0]
                if active:
                    waits = [played.waits for played in active]
                    _let_days_pass(cast, nodes, active, min(waits) if late else max(waits))
    return all_played


def _turns(play: Play, script: Script) -> Iterator[int]:
    for turn in script:
        waits = turn(play)
        if waits is not None:
            yield from waits


def _go_on(played: Played, progress: Progress) -> None:
    """Until days must pass (`waits`) before the play goes on, or it is over."""
    began = time.monotonic()
    try:
        days = next(played.turns, 0)
        if days == 0:
            read_papers(played.play)
            _prove(played)
    except (Stuck, Refused, Gone, LookupError, httpx.HTTPError, ValueError, TypeError, AttributeError) as error:
        days = 0
        played.fault = f"{type(error).__name__}: {error}"
    played.seconds += time.monotonic() - began
    if days == 0:
        progress.advance(failed=bool(played.fault))
    played.waits = days


def _prove(played: Played) -> None:
    if not is_provable(played.plan):
        return
    view = played.play.look(played.play.officer)
    if view is None:
        raise Stuck("the home does not show the case to its officer")
    played.proven = True
    played.fault = fault_of(played.play, view) or ""


def _let_days_pass(cast: Cast, nodes: Sequence[str], waiting: Sequence[Played], days: int) -> None:
    for node in nodes:
        cast.operator(node).post("/api/v1/demo/clock", {"days": days})
    for played in waiting:
        played.waits -= days
