import io
from dataclasses import replace

from docx import Document

from iprkit.codebook import Code, Codebook
from iprkit.coding import Anchor, Coding, Target
from iprkit.exchange import Conversation, Exchange, Recalled
from iprkit.formats.quote_book import write_quote_book
from iprkit.recall import Comment
from iprkit.timeline import Span
from iprkit.transcript import Segment, Word

BOOK = Codebook("talk", "1", (Code("top", "Top", codable=False), Code("push", "Push", "top", "Moves forward")))
SPAN = Span(1_000, 2_000)


def coding(key: str, target: str, kind: str, quote: str) -> Coding:
    return Coding(key, "talk", "push", "anna", Anchor(Target(target, kind, "D01-S01"), SPAN, None, quote), memo="why")


def comment(key: str, quoted: bool | None, shown: bool | None) -> Comment:
    return Comment(
        f"D01-S01-client-{key}", "client", SPAN, f"text {key}", ("w1", "w2"), None, SPAN, "stretch",
        may_be_quoted=quoted, may_be_shown=shown,
    )  # fmt: skip


def values(unquotable: tuple[str, ...] = ()) -> Exchange:
    comments = (comment("K01", True, True), comment("K02", True, None), comment("K03", None, True))
    session = Conversation(
        "D01-S01",
        codings=(
            coding("c1", "D01-S01-T001", "segment", "said in the session"),
            *(coding(f"c-{one.key}", one.key, "comment", one.text) for one in comments),
        ),
        unquotable=unquotable,
    )
    held = Conversation("D01-S01-client", recall=Recalled("D01-S01", "client", comments=comments))
    return Exchange("Study", (session, held), codebooks=(BOOK,))


def text(given: Exchange) -> str:
    stream = io.BytesIO()
    write_quote_book(given, stream)
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(stream.getvalue())).paragraphs)


def test_a_quote_bears_speaker_time_path_coder_memo_and_key() -> None:
    said = text(values())
    assert "Top > Push (2)" in said
    assert "“said in the session”" in said
    assert "D01-S01, 0:01.0 to 0:02.0. Coded by anna. Memo: why. D01-S01-T001, c1" in said


def test_a_comment_stands_in_the_book_only_with_both_permissions() -> None:
    said = text(values())
    assert "text K01" in said
    assert "text K02" not in said and "text K03" not in said
    assert "2 codings are left out" in said


def test_words_of_a_session_whose_consent_excludes_quotation_are_left_out() -> None:
    assert "said in the session" not in text(values(("therapist",)))


def test_an_interview_is_quoted_only_where_its_comments_may_be() -> None:
    word = Word("w1", "secret", 1_000, 2_000, speaker="A")
    anchor = Anchor(Target("D01-S01-client-C001", "segment", "D01-S01-client"), SPAN, None, "secret")
    one = values()
    session, held = one.conversations
    assert Segment("D01-S01-client-C001", "A", (word,)).span == SPAN
    coded = replace(held, codings=(Coding("c9", "talk", "push", "anna", anchor),))
    assert "secret" not in text(replace(one, conversations=(session, coded)))


def test_control_characters_of_a_quote_break_no_document() -> None:
    one = values()
    session, held = one.conversations
    odd = replace(session, codings=(coding("c1", "D01-S01-T001", "segment", "a\x0bb\x00c"),))
    assert "a" in text(replace(one, conversations=(odd, held)))
