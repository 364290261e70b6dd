"""A node is destroyed and comes back from a backup older than its last acts; it recovers by itself and goes on."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from journey.clients import PASSWORD, Cast
from journey.ledger import Ledger
from journey.outcomes import Script
from journey.planning import fetch_items, plans, wait_until_published
from journey.play import Plan, Play
from journey.verification import verification, wait_until_quiet
from launch.backup import bring_back, save
from launch.federation import Federation, temporary

pytestmark = pytest.mark.journey

NODES = ("00", "34", "31")
LOST = "34"
ITEMS = ["kstb-1-07", "kstb-1-37", "kstb-2-45"]
OUTCOMES = frozenset({"granted", "corrected_granted", "kept_original", "transferred", "withdrawn", "bounced_paid"})
SEED = 2
"""With it either province is home, receives, leads and assists."""
SECONDS = 90.0


@dataclass
class Played:
    """A script of which a part is played before the backup, a part after it, and the rest after the restore."""

    play: Play
    turns: list[Callable[[Play], Iterator[int] | None]]
    done: int = 0

    def go_on(self, until: int) -> None:
        for turn in self.turns[self.done : until]:
            days = list(turn(self.play) or ())
            assert not days, f"{self.play.plan.title} waits for days"
        self.done = max(self.done, until)


@dataclass
class Rehearsal:
    federation: Federation
    cast: Cast
    ledger: Ledger = field(default_factory=Ledger)
    played: list[Played] = field(default_factory=list)

    def plan(self) -> None:
        items = fetch_items(self.cast, LOST, ITEMS)
        wait_until_published(self.cast, ["34", "31"], items, seconds=SECONDS)
        found: list[tuple[Plan, Script]] = [
            entry for entry in plans(items, NODES, seed=SEED) if entry[0].outcome in OUTCOMES
        ]
        self.played = [Played(Play(plan, self.cast, self.ledger, SECONDS), list(script)) for plan, script in found]

    def play(self, share: Callable[[int, int], int]) -> None:
        """share: how many turns each has been played to, by its place in the list and their number."""
        with ThreadPoolExecutor(6) as pool:
            list(
                pool.map(
                    lambda numbered: numbered[1].go_on(share(numbered[0], len(numbered[1].turns))),
                    enumerate(self.played),
                )
            )

    def be_quiet(self) -> None:
        assert wait_until_quiet(self.cast, NODES, seconds=SECONDS) == 0
        wait_for(self.files_are_here, "all files")

    def files_are_here(self) -> bool:
        return not any(self.federation.sql(code, "SELECT 1 FROM files_want LIMIT 1") for code in ("34", "31"))

    def destroy(self) -> None:
        """The machine is gone: processes, database, files and keys."""
        for part in ("worker", "web"):
            self.federation.kill(LOST, part)
        self.federation.databases.cluster.sql(f"DROP DATABASE tongban_{LOST} WITH (FORCE)")
        shutil.rmtree(self.node)

    @property
    def node(self) -> Path:
        return self.federation.nodes[LOST].folder

    def restore(self, backup: Path) -> None:
        bring_back(LOST, self.federation.state, backup / "data", backup / "keys", self.federation.databases)
        self.federation.restart(LOST)

    def has_recovered(self) -> bool:
        recovered = self.node / "recovered"
        return recovered.exists() and recovered.read_text() == (self.node / "restored").read_text()

    def sql(self, statement: str) -> list[str]:
        return [row for row in self.federation.sql(LOST, statement) if row]


def wait_for(happened: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.3)


@contextmanager
def a_rehearsal() -> Iterator[tuple[Rehearsal, Path]]:
    folder = Path(tempfile.mkdtemp(prefix="tongban-backup-"))
    folder.chmod(0o711)
    with temporary(NODES) as federation:
        cast = Cast({code: federation.url(code) for code in NODES}, patience=SECONDS, seed=1)
        try:
            rehearsal = Rehearsal(federation, cast)
            rehearsal.plan()
            yield rehearsal, folder
        finally:
            cast.close()
            shutil.rmtree(folder, ignore_errors=True)


def before_the_backup(number: int, turns: int) -> int:
    """Some have not begun, some are under way, some are over."""
    return (0, 2, 3, turns)[number % 4]


def before_the_end(number: int, turns: int) -> int:
    """Some were over when the node was lost, some not even decided, two in eight not even begun."""
    return max(before_the_backup(number, turns), (turns, turns - 1, 4, turns - 2)[number // 4 % 4])


def test_what_was_done_after_the_backup_comes_back_and_every_case_goes_on():
    with a_rehearsal() as (rehearsal, folder):
        rehearsal.play(before_the_backup)
        rehearsal.be_quiet()
        save(rehearsal.federation.state, folder / "data", folder / "keys", rehearsal.federation.databases)
        local = handed_in_for_here(rehearsal)
        rehearsal.play(before_the_end)
        rehearsal.be_quiet()
        heads = rehearsal.sql("SELECT id, head_digest FROM cases_case ORDER BY id")

        rehearsal.destroy()
        rehearsal.restore(folder)
        wait_for(rehearsal.has_recovered, "the recovery")
        rehearsal.be_quiet()

        found = rehearsal.sql("SELECT id, head_digest FROM cases_case ORDER BY id")
        assert [row for row in heads if local not in row] == found
        assert rehearsal.sql("SELECT kind, subject, facts FROM exchange_alarm WHERE settled_at IS NULL") == []
        assert rehearsal.sql("SELECT 1 FROM exchange_memory") == []
        assert {row.partition("|")[0] for row in rehearsal.sql("SELECT kind, detail FROM exchange_loss")} == {
            "body",
            "numbers",
            "numbers_free",
        }

        rehearsal.play(lambda _, turns: turns)
        rehearsal.be_quiet()
        report = verified(rehearsal)
        assert report["faults"] == []
        assert report["equal"] == report["cases"] >= len(rehearsal.played)


def handed_in_for_here(rehearsal: Rehearsal) -> str:
    """A case that nobody else follows; the ledger does not know it, since it is going to be lost."""
    items = fetch_items(rehearsal.cast, LOST, ["kstb-1-37"])
    plan, script = next(entry for entry in plans(items, NODES, seed=9) if entry[0].outcome == "granted")
    places = type(plan.places)(origin=LOST, home=LOST, other="31", third="31")
    at_home = Play(
        type(plan)(plan.item, plan.mode, plan.outcome, places, plan.example, plan.person),
        rehearsal.cast,
        Ledger(),
        SECONDS,
    )
    for turn in script[:2]:
        turn(at_home)
    return at_home.case


def verified(rehearsal: Rehearsal) -> dict:
    path = rehearsal.federation.state / "ledger.json"
    rehearsal.ledger.write(path)
    return verification(rehearsal.federation.state / "directory.json", path)


def test_while_a_peer_is_away_it_can_be_read_and_writes_nothing_and_then_it_recovers_by_itself():
    with a_rehearsal() as (rehearsal, folder):
        rehearsal.played = rehearsal.played[:4]
        rehearsal.play(lambda *_: 2)
        rehearsal.be_quiet()
        save(rehearsal.federation.state, folder / "data", folder / "keys", rehearsal.federation.databases)
        rehearsal.play(lambda *_: 3)
        rehearsal.be_quiet()
        rehearsal.destroy()
        rehearsal.federation.stop("31")
        rehearsal.restore(folder)

        here = next(played.play for played in rehearsal.played if played.play.home == LOST)
        assert here.cast.officer(LOST).get(f"/api/v1/cases/{here.case}")["head"] == 1
        refused = act(rehearsal, here.case)
        assert (refused.status_code, refused.json()["reason"]) == (503, "recovering")
        wait_for(
            lambda: rehearsal.sql("SELECT trouble FROM exchange_telling WHERE peer = '31'") == ["unreachable"],
            "trouble",
        )
        assert not rehearsal.has_recovered()

        rehearsal.federation.restart("31")
        wait_for(rehearsal.has_recovered, "the recovery")
        rehearsal.play(lambda _, turns: turns)
        rehearsal.be_quiet()
        report = verified(rehearsal)
        assert report["faults"] == []
        assert report["equal"] == report["cases"]


def act(rehearsal: Rehearsal, case: str) -> httpx.Response:
    base = rehearsal.federation.url(LOST)
    log_in = {"username": f"officer-{LOST}", "password": PASSWORD}
    token = httpx.post(f"{base}/api/v1/sessions", json=log_in).json()["token"]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "rehearsal-1"}
    body = {"act": "accept", "seen": 1, "content": {}}
    return httpx.post(f"{base}/api/v1/cases/{case}/acts", json=body, headers=headers)
