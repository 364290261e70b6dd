"""What the place of a part waives is not asked for by the bundle either."""

import pytest

from tongban.applications.tests.build import wang
from tongban.bundles import actions
from tongban.bundles.models import Bundle
from tongban.bundles.tests.build import filled_in, ground
from tongban.cases.tests.build import FEIXI
from tongban.catalogue.actions import publish_implementation
from tongban.catalogue.tests.build import OPERATOR

pytestmark = pytest.mark.django_db


def test_a_paper_that_the_place_waives_is_not_missing(settings, tmp_path):
    ground(settings, tmp_path)
    actor = wang()
    made = filled_in(actor, paying_place=FEIXI)
    actions.remove_paper(actor, made.id, paper="claim.application")
    row = {"item": "kstb-1-16", "place": FEIXI, "version": 1, "starts": "2020-01-01", "source": "示例", "sources": {}}
    publish_implementation(OPERATOR, content={**row, "waived": ["application"]})
    assert actions.submit(actor, made.id).state == Bundle.State.SUBMITTED
