"""The stand-alone verifier as a process of its own, once the nodes are quiet."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from journey.clients import PASSWORD, Cast

ROOT = Path(__file__).resolve().parent.parent
PASSING_FAULTS = frozenset({"unreceipted", "never_heard", "never_sent", "receipt_missing", "copy_short", "ask_answer"})
"""What a letter on its way looks like while one node is read after the other; looked at again before it counts."""
LOOKS = 3


def wait_until_quiet(cast: Cast, nodes: Sequence[str], *, seconds: float) -> int:
    """Until every letter has its receipt, or time is over; how many letters are still on their way."""
    end = time.monotonic() + seconds
    pause = 0.3
    while True:
        open_letters = sum(
            entry["receipt"] is None
            for node in nodes
            for entry in cast.auditor(node).all("/api/v1/audit/letters")
            if entry["direction"] == "sent"
        )
        if open_letters == 0 or time.monotonic() > end:
            return open_letters
        time.sleep(pause)
        pause = min(pause * 1.5, 5.0)


def verification(directory: Path, ledger: Path) -> dict[str, Any]:
    """The verifier's report. Raises RuntimeError when it could not read."""
    for look in range(LOOKS):
        report = _run(directory, ledger)
        if report["passed"] or not {fault["code"] for fault in report["faults"]} <= PASSING_FAULTS:
            return report
        if look < LOOKS - 1:
            time.sleep(3)
    return report


def _run(directory: Path, ledger: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "verify", "--directory", directory, "--ledger", ledger, "--json"],
        cwd=ROOT,
        env={**os.environ, "TONGBAN_AUDITOR_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.strip() or f"the verifier ended with {done.returncode}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report
