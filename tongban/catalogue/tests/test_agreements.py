from datetime import date

import pytest

from tongban.base.errors import Rejected
from tongban.base.words import has
from tongban.catalogue.queries import shipped_agreements
from tongban.catalogue.rules import Mode
from tongban.catalogue.rules.agreements import Concluded, Right, agreement_of, read_agreement, route
from tongban.catalogue.rules.effects import effects
from tongban.catalogue.tests.build import HERE, SOUTH, THERE, a_definition, a_term, an_agreement

TODAY = date(2026, 11, 23)


def ask(*agreements, place=HERE, authority_place=THERE, key="kstb-1-37", on=TODAY):
    signed = [entry if isinstance(entry, Concluded) else Concluded(entry, entry.signers) for entry in agreements]
    return route(signed, place=place, authority_place=authority_place, definition=a_definition(key), on=on)


def test_an_agreement_between_the_two_places_allows_the_modes_that_both_name():
    found = ask(an_agreement(terms=[a_term(modes=["counter", "joint"])]))
    assert (found.allowed, found.modes, found.agreement, found.why) == (True, (Mode.COUNTER,), "trial", "regional")


def test_without_an_agreement_nobody_is_served():
    assert ask().why == "no_agreement"
    assert not ask(an_agreement(), authority_place=SOUTH).allowed


def test_within_a_province_no_agreement_is_needed():
    found = ask(authority_place="341021000000")
    assert (found.allowed, found.modes, found.why) == (True, (Mode.ONLINE, Mode.COUNTER), "own_province")


def test_an_agreement_between_cities_covers_no_other_city():
    cities = an_agreement(parties=["3401", "3101"])
    assert ask(cities).allowed
    assert not ask(cities, place="341021000000").allowed


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"starts": "2027-01-01"}, "not_begun"),
        ({"until": "2026-11-22"}, "ended"),
        ({"terms": [a_term(starts="2027-01-01")]}, "not_begun"),
        ({"terms": [a_term(until="2026-11-22")]}, "ended"),
        ({"terms": [a_term(authority_places=["3401"])]}, "outside_scope"),
        ({"terms": [a_term(except_places=["31"])]}, "outside_scope"),
        ({"terms": [a_term(modes=["joint"])]}, "no_mode"),
        ({"terms": [a_term(items=["kstb-2-??"])]}, "no_agreement"),
    ],
)
def test_a_refusal_says_why(changes, why):
    found = ask(an_agreement(**changes))
    assert (found.allowed, found.why) == (False, why)
    assert has(f"route.{why}")


def test_the_last_day_of_an_agreement_still_counts():
    assert ask(an_agreement(until="2026-11-23")).allowed


def test_the_agreement_that_gives_more_decides():
    narrow = an_agreement(key="a", terms=[a_term(modes=["online"])])
    wide = an_agreement(key="b", terms=[a_term(rights=["receive", "deliver"])])
    found = ask(narrow, wide)
    assert (found.agreement, found.rights) == ("b", (Right.RECEIVE, Right.DELIVER))


def test_a_faulty_agreement_is_told_with_its_line():
    with pytest.raises(Rejected) as caught:
        read_agreement('key = "x"\nversion = 1\nkind = "local"\n', file="x.toml")
    assert "不在可选的范围之内：national" in caught.value.fields["x.toml:3"]


def test_a_party_is_a_division_prefix():
    with pytest.raises(Rejected) as caught:
        an_agreement(parties=["Anhui"])
    assert "parties.0" in caught.value.fields


def shipped(key, place, authority_place, on=TODAY, item="kstb-1-37"):
    agreements = [agreement_of(content) for _, content in shipped_agreements()]
    return ask(*agreements, place=place, authority_place=authority_place, key=item, on=on)


def test_the_national_list_serves_across_the_country():
    assert shipped("kstb-1-37", HERE, SOUTH).why == "national"


def test_the_second_batch_begins_in_2022():
    assert shipped("", HERE, SOUTH, item="kstb-2-45", on=date(2021, 12, 31)).why == "not_begun"
    assert shipped("", HERE, SOUTH, item="kstb-2-45", on=date(2022, 1, 1)).allowed


def test_the_first_identity_card_began_in_the_yangtze_delta():
    day = date(2022, 6, 1)
    assert shipped("", HERE, THERE, item="kstb-3-02", on=day).agreement == "yangtze-delta"
    assert not shipped("", HERE, SOUTH, item="kstb-3-02", on=day).allowed


def test_an_agreement_binds_those_alone_who_have_signed_it():
    three = an_agreement(parties=["31", "34", "44"])
    both = Concluded(three, frozenset({"31", "34"}))
    assert ask(both).allowed
    assert ask(both, authority_place=SOUTH).why == "no_agreement"
    assert both.missing == {"44"}


def test_a_newer_version_holds_once_both_have_signed_it():
    old, new = an_agreement(), an_agreement(version=2, until="2026-11-01")
    assert ask(old, Concluded(new, frozenset({"34"}))).allowed
    assert ask(old, new).why == "ended"


def test_a_version_that_begins_later_leaves_the_one_in_force():
    old, new = an_agreement(), an_agreement(version=2, starts="2027-01-01", terms=[a_term(modes=["online"])])
    assert ask(old, new).modes == (Mode.ONLINE, Mode.COUNTER)
    assert ask(old, new, on=date(2027, 1, 1)).modes == (Mode.ONLINE,)


def test_the_whole_country_is_bound_by_the_hubs_signature():
    national = an_agreement(kind="national", parties=["*"])
    assert national.signers == {"00"}
    assert ask(national).allowed
    assert not ask(Concluded(national, frozenset({"31", "34"}))).allowed


def test_cities_of_one_province_may_agree_on_ways_of_their_own():
    cities = an_agreement(kind="provincial", parties=["3401", "3403"], terms=[a_term(modes=["counter"])])
    there = {"place": "340302000000", "authority_place": HERE}
    assert ask(cities, **there).modes == (Mode.COUNTER,)
    assert ask(cities, **{**there, "place": "340202000000"}).why == "own_province"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"kind": "provincial"}, "kind"),
        ({"parties": ["3401", "3403"]}, "kind"),
        ({"parties": ["*", "34"]}, "parties"),
        ({"until": "2020-12-31"}, "until"),
    ],
)
def test_an_agreement_with_this_fault_is_not_read(changes, path):
    with pytest.raises(Rejected) as caught:
        an_agreement(**changes)
    assert path in caught.value.fields


def changes(known, proposed):
    found = effects(known, proposed, {"31": [a_definition()], "34": [a_definition()]}, seen_from="34", on=TODAY)
    return {(entry.place[:2], entry.authority_place[:2]): entry.change for entry in found}


def test_what_an_agreement_opens_and_closes_is_known_before_it_is_signed():
    first = an_agreement()
    opened = {("31", "34"): "opens", ("34", "31"): "opens"}
    assert changes([], first) == opened
    known = [Concluded(first, first.signers)]
    assert changes(known, an_agreement(version=2, until="2026-11-01")) == dict.fromkeys(opened, "closes")
    assert changes(known, an_agreement(version=2, terms=[a_term(modes=["online"])])) == dict.fromkeys(opened, "differs")
    assert changes(known, an_agreement(version=2)) == {}
