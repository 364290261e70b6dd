"""What was found to be wrong."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """code: the broken rule; node: where it shows; case and no: which step; detail: what was found."""

    code: str
    node: str
    case: str = ""
    no: int = 0
    detail: str = ""

    def as_json(self) -> dict[str, str | int]:
        return asdict(self)

    def __str__(self) -> str:
        place = f" case {self.case}" if self.case else ""
        step = f" step {self.no}" if self.no else ""
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.code} at node {self.node}{place}{step}{detail}"
