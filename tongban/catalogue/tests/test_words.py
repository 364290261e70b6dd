from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue.rules.words import queries, terms, vector, widened

GROUPS = [["社保卡", "社会保障卡"]]


def test_chinese_text_becomes_pairs_of_neighbours():
    assert terms("社保卡") == ["社保", "保卡"]


def test_latin_words_and_numbers_stay_whole_and_full_width_is_narrowed():
    assert terms("ＡPP 3岁") == ["app", "3", "岁"]


def test_a_text_is_found_by_the_other_words_of_its_group():
    assert "社保" in terms(widened("社会保障卡申领", GROUPS))


def test_a_word_weighs_by_the_best_place_where_it_stands():
    assert "'社保':" in vector(["社会保障卡", "社保"], GROUPS)
    assert "'保障':" in vector(["社会保障卡"], GROUPS)
    assert vector(["甲乙", "甲乙"], []) == "'甲乙':1A"


def test_a_lone_character_is_searched_as_a_beginning():
    assert queries("卡") == ("'卡':*", "'卡':*")


def test_nothing_to_search_gives_no_query():
    assert queries("？！ ") is None


@given(st.text())
def test_no_text_breaks_out_of_its_quotes(text):
    assert all("'" not in term and "\\" not in term for term in terms(text))
