"""What the journey found, as a table per pattern and a last line, or as JSON."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from journey.playing import Played

NAMES = {
    "instant": "即时查询",
    "check": "资格认证",
    "approval": "属地审批",
    "joint": "两地协同",
    "anywhere": "就近办结",
    "collected": "受理地采集",
    "money": "资金拨付",
    "handoff": "转办指引",
    "notice": "备案报告",
}
FAULTS_SHOWN = 30


@dataclass(frozen=True)
class Result:
    """verified: the verifier's report; broken: what chaos did; sabotaged: mode -> whether it was noticed."""

    played: Sequence[Played]
    verified: dict[str, Any]
    broken: dict[str, int]
    sabotaged: dict[str, bool]
    still_open: int
    listed_wrongly: Sequence[str] = ()

    @property
    def failed(self) -> list[Played]:
        return [played for played in self.played if played.fault]

    @property
    def passed(self) -> bool:
        return (
            bool(self.played)
            and not self.failed
            and bool(self.verified["passed"])
            and not (self.still_open or self.listed_wrongly)
        )

    @property
    def last_line(self) -> str:
        cases, letters, equal = (self.verified[name] for name in ("cases", "letters", "equal"))
        return f"cases {cases}, letters {letters}, digests equal {equal}/{cases}"

    def as_json(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "patterns": list(_rows(self.played)),
            "bundles": list(_bundle_rows(self.played)),
            "failed": [
                {"play": played.plan.title, "case": played.play.case, "fault": played.fault} for played in self.failed
            ],
            "verified": self.verified,
            "broken": self.broken,
            "sabotaged": self.sabotaged,
            "still_open": self.still_open,
            "listed_wrongly": list(self.listed_wrongly),
        }

    def lines(self) -> Iterable[str]:
        yield f"{'类型':　<6}{'事项':>4}{'办件':>5}{'通过':>5}{'独有断言':>7}{'中位秒':>7}"
        for row in _rows(self.played):
            name = NAMES.get(row["pattern"], row["pattern"])
            yield (
                f"{name:　<6}{row['items']:>6}{row['cases']:>7}{row['passed']:>7}"
                f"{row['proven']:>8}/{row['to_prove']}{row['median_seconds']:>9.1f}"
            )
        yield from _bundle_lines(self.played)
        for played in self.failed[:FAULTS_SHOWN]:
            yield f"未通过 {played.plan.title} {played.play.case}：{played.fault}"
        for fault in self.verified["faults"][:FAULTS_SHOWN]:
            code, node, case, no, detail = (fault[name] for name in ("code", "node", "case", "no", "detail"))
            yield f"核验 {code} 节点 {node} 办件 {case} 第 {no} 步 {detail}"
        yield from self.listed_wrongly[:FAULTS_SHOWN]
        if self.verified["removed"]:
            yield f"退出副本 {self.verified['removed']} 次，退出后没有再收到后续步骤"
        if self.still_open:
            yield f"仍有 {self.still_open} 封信没有回执"
        if self.broken:
            yield "故障演练：" + "，".join(f"{name} {times} 次" for name, times in sorted(self.broken.items()))
        for mode, noticed in self.sabotaged.items():
            yield f"破坏 {mode}：{'已被核验发现' if noticed else '没有被发现'}"
        yield self.last_line


def _bundle_rows(all_played: Sequence[Played]) -> Iterable[dict[str, Any]]:
    """One row for each event: how many parts it had, and how many of them came to their end."""
    groups: dict[str, list[Played]] = defaultdict(list)
    for played in all_played:
        if played.plan.bundle:
            groups[played.plan.bundle].append(played)
    for bundle, group in groups.items():
        homes = sorted({played.play.home for played in group})
        yield {"bundle": bundle, "parts": len(group), "passed": sum(not one.fault for one in group), "homes": homes}


def _bundle_lines(all_played: Sequence[Played]) -> Iterable[str]:
    rows = list(_bundle_rows(all_played))
    if rows:
        yield f"{'一件事':　<12}{'各项':>5}{'通过':>5}  属地"
    for row in rows:
        yield f"{row['bundle']:<18}{row['parts']:>7}{row['passed']:>7}  {' '.join(row['homes'])}"


def _rows(all_played: Sequence[Played]) -> Iterable[dict[str, Any]]:
    groups: dict[str, list[Played]] = defaultdict(list)
    for played in all_played:
        groups[played.plan.item.pattern].append(played)
    for pattern in [name for name in NAMES if name in groups]:
        group = groups[pattern]
        to_prove = [played for played in group if played.proven]
        yield {
            "pattern": pattern,
            "items": len({played.plan.item.key for played in group}),
            "cases": len(group),
            "passed": sum(not played.fault for played in group),
            "proven": sum(not played.fault for played in to_prove),
            "to_prove": len(to_prove),
            "median_seconds": statistics.median(played.seconds for played in group),
        }
