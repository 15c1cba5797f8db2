import pytest

from iprkit.language.spelling import spelled


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("decirmelo", "decírmelo"),
        ("Darselas,", "Dárselas,"),
        ("traernoslo", "traérnoslo"),
        ("haciendolo", "haciéndolo"),
        ("leyendoselo", "leyéndoselo"),
        ("mirandome", "mirándome"),
        ("¿diciendonoslo?", "¿diciéndonoslo?"),
    ],
)
def test_spanish_verbs_with_pronouns_behind_them_bear_their_accent(heard: str, written: str) -> None:
    assert spelled(heard, "es") == written


@pytest.mark.parametrize(
    "word", ["decírmelo", "verlo", "irse", "cuando", "mandos", "comerse", "entiendes", "parlamento", "Carmelo", "ándale", "", "..."]
)
def test_other_spanish_words_stay_as_they_were_heard(word: str) -> None:
    assert spelled(word, "es") == word


def test_other_languages_are_left_alone() -> None:
    assert spelled("decirmelo", "pt") == "decirmelo"
