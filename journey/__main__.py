"""python run.py journey: a temporary federation, every item in every mode to every outcome, then the verifier.

Exit codes: 0 nothing lost, doubled or different; 1 something was; 2 the journey could not be made.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from journey.bundles import fetch_events, items_of, plays_of
from journey.chaos import Chaos, switches
from journey.clients import Cast, Gone, Refused
from journey.ledger import Ledger
from journey.planning import HUB, fetch_items, plans, wait_until_published
from journey.play import Play
from journey.playing import AT_ONCE, Played, play_all
from journey.progress import Progress
from journey.reading import faults_of_lists
from journey.report import Result
from journey.sabotage import MODES, sabotage
from journey.verification import verification, wait_until_quiet
from launch.federation import DEFAULT_NODES, Federation, temporary
from launch.words import Trouble

CALM_SECONDS = 60.0
CHAOS_SECONDS = 180.0


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    nodes = options.nodes.split(",")
    try:
        with temporary(nodes, extra=switches(options.seed) if options.chaos else {}, keep=options.keep) as federation:
            if options.keep:
                print(federation.state, file=sys.stderr)
            result = journey(federation, options)
    except (Trouble, Gone, Refused, LookupError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(result.as_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(result.lines()))
    if options.sabotage:
        return 1 if all(result.sabotaged.values()) else 0
    return 0 if result.passed else 1


def journey(federation: Federation, options: argparse.Namespace) -> Result:
    """Play, wait, verify, and damage what is to be damaged."""
    codes = list(federation.nodes)
    seconds = CHAOS_SECONDS if options.chaos else CALM_SECONDS
    cast = Cast({code: federation.url(code) for code in codes}, patience=seconds, seed=options.seed)
    ledger = Ledger()
    chaos = Chaos(federation, seed=options.seed) if options.chaos else None
    try:
        played = _play(cast, codes, ledger, chaos, options, seconds)
        still_open = wait_until_quiet(cast, codes, seconds=seconds)
        path = federation.state / "ledger.json"
        ledger.write(path)
        verified = verification(federation.state / "directory.json", path)
        listed = faults_of_lists([entry.play for entry in played])
        result = Result(played, verified, chaos.done if chaos else {}, {}, still_open, listed)
        return _sabotage(federation, path, result, options.sabotage) if options.sabotage else result
    finally:
        cast.close()


def _play(
    cast: Cast, codes: list[str], ledger: Ledger, chaos: Chaos | None, options: argparse.Namespace, seconds: float
) -> list[Played]:
    province = next(code for code in codes if code != HUB)
    wanted_items = [key for key in options.items.split(",") if key]
    events = _events(cast, province, options)
    all_items = fetch_items(
        cast, province, [*wanted_items, *items_of(events)] if wanted_items or options.bundles else []
    )
    items = (
        []
        if options.bundles and not wanted_items
        else [one for one in all_items if not wanted_items or one.key in wanted_items]
    )
    wait_until_published(cast, [code for code in codes if code != HUB], all_items, seconds=seconds)
    wanted = [name for name in options.outcomes.split(",") if name]
    chosen = [
        (Play(plan, cast, ledger, seconds), script)
        for plan, script in plans(items, codes, seed=options.seed)
        if not wanted or plan.outcome in wanted
    ]
    chosen += plays_of(events, {item.key: item for item in all_items}, codes, cast, ledger, seconds)
    progress = Progress(len(chosen))
    if chaos is None:
        return play_all(chosen, cast, codes, progress, at_once=options.at_once)
    chaos.begin()
    try:
        return play_all(chosen, cast, codes, progress, at_once=options.at_once)
    finally:
        chaos.end()


def _events(cast: Cast, province: str, options: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """All of them, unless the items or the outcomes are chosen; those that are named, in any case."""
    wanted = [key for key in options.bundles.split(",") if key]
    if not wanted and (options.items or options.outcomes):
        return {}
    return fetch_events(cast, province, [] if wanted == ["all"] else wanted)


def _sabotage(federation: Federation, ledger: Path, result: Result, modes: str) -> Result:
    """Whether the verifier finds each damage on top of what it found before."""
    known = {json.dumps(fault, sort_keys=True) for fault in result.verified["faults"]}
    noticed: dict[str, bool] = {}
    verified = result.verified
    for mode in modes.split(","):
        print(sabotage(federation, mode), file=sys.stderr)
        verified = verification(federation.state / "directory.json", ledger)
        found = {json.dumps(fault, sort_keys=True) for fault in verified["faults"]}
        noticed[mode] = not verified["passed"] and bool(found - known)
        known = found
    return replace(result, verified=verified, sabotaged=noticed)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py journey", description="把每个事项按每种方式办到每种结果，再核验。")
    parser.add_argument("--items", default="", metavar="KEY,…", help="只办这些事项，如 kstb-1-07,kstb-2-03")
    parser.add_argument("--outcomes", default="", metavar="NAME,…", help="只办到这些结果，如 granted,withdrawn")
    parser.add_argument("--bundles", default="", metavar="KEY,…", help="只办这些“一件事”，如 newborn,house；全部写 all")
    parser.add_argument("--nodes", default=",".join(DEFAULT_NODES), metavar="CODE,…", help="参加的节点")
    parser.add_argument("--seed", type=int, default=1, help="同一个数得到同一套安排")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, metavar="N", help="同时办理几件")
    parser.add_argument("--chaos", action="store_true", help="办理途中杀进程、丢回执、断节点")
    parser.add_argument(
        "--sabotage",
        nargs="?",
        const=",".join(MODES),
        default="",
        metavar="MODE",
        help="事后改一个字节或删一行，核验必须发现",
    )
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    parser.add_argument("--keep", action="store_true", help="停机后保留现场")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
