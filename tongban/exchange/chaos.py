"""Trouble on purpose, for journeys: lost receipts, letters twice, late or in disorder. In test mode only.

TONGBAN_CHAOS_DROP_RECEIPTS, TONGBAN_CHAOS_REPEAT   share of requests, 0 to 1
TONGBAN_CHAOS_DELAY                                 longest wait before a request, in seconds
TONGBAN_CHAOS_REORDER                               share of claims that ignore the order of a subject, 0 to 1
TONGBAN_CHAOS_SEED                                  makes the trouble the same each time
"""

import os
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Chaos:
    drop_receipts: float = 0.0
    repeat: float = 0.0
    delay_seconds: float = 0.0
    reorder: float = 0.0
    dice: random.Random = field(default_factory=random.Random)

    def loses_receipt(self) -> bool:
        return self.dice.random() < self.drop_receipts

    def repeats(self) -> bool:
        return self.dice.random() < self.repeat

    def keeps_order(self) -> bool:
        return self.dice.random() >= self.reorder

    def wait(self) -> None:
        if self.delay_seconds:
            time.sleep(self.dice.random() * self.delay_seconds)


def read_chaos(mode: str, environment: Mapping[str, str] = os.environ) -> Chaos:
    """The trouble that the environment asks for; none outside test mode."""
    if mode != "test":
        return Chaos()

    def share(name: str) -> float:
        return float(environment.get(f"TONGBAN_CHAOS_{name}") or 0)

    seed = environment.get("TONGBAN_CHAOS_SEED")
    return Chaos(
        drop_receipts=share("DROP_RECEIPTS"),
        repeat=share("REPEAT"),
        delay_seconds=share("DELAY"),
        reorder=share("REORDER"),
        dice=random.Random(seed),
    )
