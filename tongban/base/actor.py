"""Who acts: built once at the door, handed to every action and query."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """In what quality somebody acts. What he may do is decided by grants and by the table of acts."""

    ANYONE = "anyone"
    APPLICANT = "applicant"
    CLERK = "clerk"
    OFFICER = "officer"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    ORGAN = "organ"
    SYSTEM = "system"


class Via(StrEnum):
    """The door through which the act came in."""

    WEB = "web"
    API = "api"
    COUNTER = "counter"
    LETTER = "letter"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, for whom, and where.

    person: the natural person at the keyboard (a citizen's or an officer's id); None for jobs and organs.
    on_behalf_of: the principal, when an agent or a clerk acts for a citizen.
    organ: code of the organ that he serves (unified social credit code), None for citizens.
    node: the node where the act was made, "34"; for a letter, the sender's.
    """

    role: Role
    node: str
    person: UUID | None = None
    on_behalf_of: UUID | None = None
    organ: str | None = None
    via: Via = Via.WEB

    @property
    def subject(self) -> UUID | None:
        """The citizen whose matter it is."""
        if self.on_behalf_of is not None:
            return self.on_behalf_of
        return self.person if self.role is Role.APPLICANT else None

    @property
    def stands_for(self) -> Role:
        """The role on record: a clerk who helps a person (帮办) acts as that applicant, named with his organ."""
        return Role.APPLICANT if self.role is Role.CLERK and self.on_behalf_of is not None else self.role


def system(node: str) -> Actor:
    """The node itself, acting by law or by clock."""
    return Actor(role=Role.SYSTEM, node=node, via=Via.JOB)
