"""Who takes part in a case and what each of them has signed: the form in which it travels, and whether all have."""

from collections.abc import Mapping, Sequence
from typing import Any

from tongban.base.canonical import canonical_json, digest
from tongban.base.identifiers import tidy
from tongban.catalogue.rules.taking_part import Signer, Standing


def signed_digest(
    *,
    item: str,
    version: int,
    standard: str,
    place: str,
    mode: str,
    applicant: Mapping[str, Any],
    answers: Mapping[str, Any],
    materials: Sequence[Mapping[str, Any]],
) -> str:
    """What a signature is under: the digest of everything that is applied for, where, by whom and with which papers."""
    content = {
        "item": item,
        "version": version,
        "standard": standard,
        "place": place,
        "mode": mode,
        "applicant": {"name": applicant["name"], "id_number": applicant["id_number"]},
        "answers": dict(answers),
        "materials": sorted([str(material["key"]), str(material["digest"])] for material in materials),
    }
    return digest(canonical_json(content))


def unsigned(
    signers: Sequence[Signer], applicant: Mapping[str, Any], parties: Sequence[Mapping[str, Any]], expected: str
) -> tuple[str, ...]:
    """Names of those who have not signed this content; nobody where the applicant alone applies.

    signers: beside the applicant. parties: who has signed. expected: digest of the content.
    """
    if not signers:
        return ()
    signed = {tidy(str(party["id_number"])) for party in parties if party["signed"]["digest"] == expected}
    wanted = [(str(applicant["name"]), str(applicant["id_number"]))]
    wanted += [(signer.person.name, signer.person.number) for signer in signers]
    return tuple(name for name, number in wanted if tidy(number) not in signed)


def applicants(dossier: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The applicant, and those who apply together with him."""
    return [dossier["applicant"], *co_applicants(dossier.get("parties") or ())]


def co_applicants(parties: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [party for party in parties if party["standing"] == Standing.CO_APPLICANT]
