"""A lead carries the document of an assist case: only one that the assist case's own home has signed for."""

import json

from verify.copies import check_carried
from verify.evidence import read_copy
from verify.tests.build import CASE, HOME, ORIGIN, b64url, codes, letter, sha256

LEAD, ASSIST = "0197a000-0000-7000-8000-00000000000a", "0197a000-0000-7000-8000-00000000000b"
PERMIT = "<p>户口迁移证</p>"


def a_carrying_pair(*, signed: str = PERMIT) -> list[str]:
    """A lead that carries a page, and the assist case whose home has signed for one."""
    listed = {"kind": "stage_document", "number": "1", "digest": sha256(signed.encode())}
    facts = {"co_case": ASSIST, "co_document": {**listed, "digest": sha256(PERMIT.encode())}}
    steps = {
        ASSIST: {"case": ASSIST, "home": ORIGIN, "no": 1, "documents": [listed]},
        LEAD: {"case": LEAD, "home": HOME, "no": 1, "facts": facts},
    }
    originals = {}
    for number, (case, header) in enumerate(steps.items(), start=1):
        entry = {"letter": letter(header["home"], "step", number, header), "bodies": {}}
        originals[case] = read_copy(case, {"steps": [entry], "receipts": [], "files": []})
    return [fault.code for fault in check_carried(originals)]


def test_a_carried_document_is_one_that_its_own_home_signed_for():
    assert a_carrying_pair() == []
    assert a_carrying_pair(signed="<p>别的</p>") == ["carried"]


def test_a_carried_page_that_was_changed_is_found():
    def spoil(world):
        body = json.dumps({"co_document": {"html": PERMIT}}).encode()
        world.cases[HOME][CASE]["steps"][1]["bodies"]["home"] = b64url(body)

    assert "document_digest" in codes(spoil)
