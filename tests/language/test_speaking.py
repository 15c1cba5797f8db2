"""Who says each word of a corrected text."""

from iprkit.language.speaking import Said, Saying, votes, who_speaks

LABELS = {"T": ("A",), "C": ("B",), "Client": ("B", "D")}


def old(text: str, label: str | None, name: str | None = None, turn: int = 0) -> list[Saying]:
    return [Saying(word, name, turn, label) for word in text.split()]


def new(text: str, name: str | None = None, turn: int = 0) -> list[Saying]:
    return [Saying(word, name, turn, None, added=True) for word in text.split()]


def labels(*words: Saying) -> list[str | None]:
    return [said.label for said in who_speaks(words, LABELS)]


def test_a_name_decides_for_all_its_words() -> None:
    assert labels(*old("So?", "B", "T"), *new("Well?", "T"), *old("Yes.", "B", "C")) == ["A", "A", "B"]


def test_without_names_words_stay_whose_they_were() -> None:
    assert labels(*old("So?", "A"), *old("Yes.", "B"), *old("Hm.", None)) == ["A", "B", None]


def test_a_word_added_inside_a_turn_is_the_turns() -> None:
    assert labels(*old("I", "B"), *new("really"), *old("left.", "B")) == ["B", "B", "B"]


def test_between_two_speakers_the_paragraph_decides() -> None:
    words = [*old("I left.", "B", turn=1), *new("Late.", turn=1), *new("And", turn=2), *old("then?", "A", turn=2)]
    assert labels(*words) == ["B", "B", "B", "A", "A"]


def test_in_one_paragraph_an_unfinished_sentence_is_finished_by_its_speaker() -> None:
    said = who_speaks([*old("I", "B"), *new("left."), *old("When?", "A")], LABELS)
    assert said[1] == Said("B", sure=False)


def test_in_one_paragraph_a_begun_sentence_is_who_ends_it() -> None:
    said = who_speaks([*old("I left.", "B"), *new("And"), *old("then?", "A")], LABELS)
    assert said[2] == Said("A", sure=False)


def test_at_either_end_of_the_text_the_only_neighbour_speaks() -> None:
    assert labels(*new("Well,"), *old("yes.", "B"), *new("Thanks.")) == ["B", "B", "B"]


def test_a_name_of_two_voices_means_the_one_that_spoke_before() -> None:
    assert labels(*old("Yes.", "D", "Client"), *new("Indeed.", "Client"), *old("No.", "B", "Client")) == ["D", "D", "B"]


def test_votes_count_whose_words_stand_under_a_name() -> None:
    words = [*old("So what?", "A", "T"), *old("Oh.", "B", "T"), *new("Hm.", "T"), *new("Yes.", "C")]
    assert votes(words) == {"T": {"A": 2, "B": 1}, "C": {}}


def test_nobody_known_nobody_speaks() -> None:
    assert labels(*new("Some text.")) == [None, None]
