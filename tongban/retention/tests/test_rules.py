import pytest

from tongban.catalogue.rules.kinds import Pattern
from tongban.retention.rules import read_periods

SIMPLE = "draft = 90\nsent = 30\ncopy = 180\nfile = 7\njournal = 1096\n"


def test_a_pattern_without_a_period_of_its_own_is_kept_like_the_others():
    kept = read_periods(SIMPLE + "[home]\nother = 3653\ninstant = 366\nhandoff = 366\n")
    assert kept.home[Pattern.INSTANT] == 366
    assert kept.home[Pattern.APPROVAL] == 3653
    assert set(kept.home) == set(Pattern)


def test_patterns_kept_equally_long_are_one_group():
    groups = read_periods(SIMPLE + "[home]\nother = 3653\ninstant = 366\nhandoff = 366\n").home_groups()
    assert [days for days, _ in groups] == [366, 3653]
    assert groups[0][1] == {Pattern.INSTANT, Pattern.HANDOFF}
    assert groups[0][1] | groups[1][1] == set(Pattern)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("draft = ", "cannot be read"),
        (SIMPLE, "a table home"),
        (SIMPLE + "[home]\ninstant = 3\n", "a table home"),
        (SIMPLE + "more = 3\n[home]\nother = 3\n", "are draft"),
        (SIMPLE.replace("90", "0") + "[home]\nother = 3\n", "period of draft"),
        (SIMPLE.replace("90", "true") + "[home]\nother = 3\n", "period of draft"),
        (SIMPLE + '[home]\nother = "10 years"\n', "period of other"),
        (SIMPLE + "[home]\nother = 3\nbirthday = 3\n", "called birthday"),
    ],
)
def test_a_table_that_says_no_clear_period_is_refused(text, said):
    with pytest.raises(ValueError, match=said):
        read_periods(text)
