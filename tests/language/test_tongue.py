import pytest

from iprkit.language.tongue import likely_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We could try it. I think we could try it for a week."),
        ("es", "No sé si de verdad quiero eso, pero ya se lo he dicho a mi mujer y no estaba muy contenta."),
        ("de", "Ich weiß nicht, ob ich das wirklich will, aber ich habe es meiner Frau schon gesagt."),
        ("fr", "Je ne sais pas si je le veux vraiment, mais je l'ai dit à ma femme et elle n'était pas contente."),
    ],
)
def test_a_text_is_known_by_its_little_words(language: str, text: str) -> None:
    assert likely_language(text.split()) == language


@pytest.mark.parametrize("text", ["", "Mm-hm. Okay.", "blorb glimp fnord"])
def test_too_little_to_go_by_is_no_language(text: str) -> None:
    assert likely_language(text.split()) is None
