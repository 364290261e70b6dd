"""Who takes part in a case beside the one who applies, as the item says."""

from dataclasses import dataclass

from tongban.catalogue.rules.form import Source


@dataclass(frozen=True, slots=True)
class Parties:
    """Who takes part beside the one who applies. Every name is that of a field of people.

    co_applicants: equal to the applicant. consenting: they sign, the matter is not theirs. Every adult of both signs.
    subject: the one person whom the matter is about, where that is not the applicant.
    persons: each of them has an outcome of his own. ex_officio: the authority may open a case by itself (依职权).
    together: all who sign stand before the counter at one time. agent: whether an agent may act for anybody.
    withdraws_alone: one co-applicant is enough to withdraw. signs_supplements: a supplement is signed by all again.
    """

    source: Source
    co_applicants: tuple[str, ...] = ()
    consenting: tuple[str, ...] = ()
    subject: str = ""
    persons: str = ""
    ex_officio: bool = False
    together: bool = False
    agent: bool = True
    withdraws_alone: bool = False
    signs_supplements: bool = True
    withdrawal_source: Source | None = None
    ex_officio_source: Source | None = None

    @property
    def signing(self) -> tuple[str, ...]:
        return (*self.co_applicants, *self.consenting)

    @property
    def named(self) -> tuple[str, ...]:
        return tuple(name for name in (*self.signing, self.subject, self.persons) if name)
