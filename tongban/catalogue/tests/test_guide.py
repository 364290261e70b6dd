import pytest

from tongban.catalogue.rules.guide import guide_faults
from tongban.catalogue.tests.build import a_content, a_definition


def table(_table, **changes):
    return {_table: {**a_content()[_table], **changes}}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"case_type": "1"}, "case_type"),
        ({"item_type": "02"}, "item_type"),
        ({"served": ["9"]}, "served"),
        ({"conditions": []}, "conditions"),
        ({"basis": []}, "basis"),
        ({"remedies": []}, "remedies"),
        ({"questions": []}, "questions"),
        (table("visits", count=1), "visits.reason"),
        (table("visits", count=1, reason="面签"), "visits.count"),
        (table("limits", promised="5 working"), "limits.promised"),
        (table("limits", promised="2 working"), "phases"),
        (table("fee", charged=True), "fee"),
        (table("fee", charged=True, standard="每件10元", online_payment=True), "fee.payer"),
        (table("fee", amount="20.00"), "fee.amount"),
        ({"materials": [{"key": "card", "name": "身份证", "source": "示例", "shared": True}]}, "materials.0.shared"),
        ({"materials": [{"key": "card", "name": "身份证", "source": "示例", "register": "x"}]}, "materials.0.shared"),
        (table("contact", consult="12345"), "contact.complain"),
        (table("contact", consult="6666"), "contact.consult"),
        (table("delivery", ways=["pigeon"]), "delivery.ways"),
        (table("result", name="营业执照", sample=""), "result.sample"),
        ({"phases": [{"name": "受理", "by": "登记机关", "limit": "1 working", "source": "示例"}]}, "phases"),
        ({"conditions": [{"text": "按规定提交申请。", "source": "示例"}]}, "conditions.0.text"),
        ({"conditions": [{"text": "提交身份证、户口簿等材料。", "source": "示例"}]}, "conditions.0.text"),
    ],
)
def test_a_guide_with_this_fault_is_not_published(changes, path):
    assert path in guide_faults(a_definition(**changes))


def test_a_word_that_only_contains_a_vague_one_is_fine():
    changes = {"conditions": [{"text": "残疾等级为一级，具有平等权利，高等学校毕业。", "source": "示例"}]}
    assert guide_faults(a_definition(**changes)) == {}


def test_silence_that_accepts_needs_a_law():
    limits = dict(a_content()["limits"])
    del limits["silence_source"]
    assert "limits.silence_source" in guide_faults(a_definition(limits=limits))
