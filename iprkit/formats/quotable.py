"""What of a session and the recall interviews about it may stand in a paper: what everybody concerned agreed to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from iprkit.coding import Coding
from iprkit.exchange import Conversation
from iprkit.recall import Comment
from iprkit.timeline import Span


@dataclass(frozen=True)
class Quotable:
    """A session and its interviews, asked for what may be quoted.

    A comment must be permitted to be quoted and to be shown to the other party. Words are left out of a recording where
    somebody's consent to it does not name quotation.
    """

    session: Conversation
    interviews: Sequence[Conversation]

    def comment(self, comment: Comment) -> bool:
        return (
            comment.may_be_quoted is True
            and comment.may_be_shown is True
            and not any(one.unquotable for one in self.interviews if comment.key.startswith(f"{one.key}-"))
        )

    def words(self, place: Conversation, span: Span) -> bool:
        """Whether what is said in a stretch of one of them may be quoted; of an interview, what is no comment."""
        if place.unquotable:
            return False
        said = place.recall.comments if place.recall else ()
        return all(self.comment(one) for one in said if one.interview.overlap_ms(span) > 0)

    def coding(self, place: Conversation, coding: Coding) -> bool:
        """Whether what a coding quotes may be quoted."""
        if coding.anchor.target.kind != "comment":
            return self.words(place, coding.anchor.span)
        return any(one.key == coding.anchor.target.key and self.comment(one) for one in self.comments)

    @property
    def comments(self) -> Iterator[Comment]:
        """All comments about the session, those that may not be quoted among them."""
        return (one for each in self.interviews if each.recall for one in each.recall.comments)
