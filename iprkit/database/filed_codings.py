"""Codings by the conversation that they lie in, read once and from then on only where one of them was changed."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from iprkit.anchors import Ground, standing
from iprkit.coding import Anchor, Coding
from iprkit.database import coding_queries, journal_queries
from iprkit.database.blindness import Sight
from iprkit.database.codings import Grounds, anchor_in, coding_of, of_codebooks
from iprkit.database.kept import kept
from iprkit.database.models import Conversation
from iprkit.states import coding_told


@dataclass(frozen=True)
class Filed:
    """A coding as it stands today, with what decides who may see it; ``put_there`` is its anchor as it was coded."""

    id: str
    coder_id: str
    codebook_id: str
    round_id: str | None
    made_at: str
    conversation_id: str
    put_there: Anchor
    order: tuple[int, int, str, int, str]
    coding: Coding

    @property
    def kind(self) -> str:
        return self.put_there.target.kind

    @property
    def target(self) -> str:
        return self.put_there.target.key

    @property
    def start_ms(self) -> int:
        return self.put_there.span.start_ms

    @property
    def end_ms(self) -> int:
        return self.put_there.span.end_ms

    @cached_property
    def text(self) -> str:
        """The coding with its version, as the data contract tells it."""
        return json.dumps(coding_told(self.coding), ensure_ascii=False, separators=(",", ":"))

    def on(self, ground: Ground) -> Filed:
        """The same coding on other words; itself where that makes no difference."""
        anchor, moved = standing(self.put_there, ground)
        if (anchor, moved) == (self.coding.anchor, self.coding.moved):
            return self
        return replace(self, coding=replace(self.coding, anchor=anchor, moved=moved))


@dataclass(frozen=True)
class _Shelf:
    """The codings of a conversation in order of time and coder, and the words that they were found on."""

    filed: tuple[Filed, ...]
    ground: Ground


def filed_codings(grounds: Grounds, conversation: Conversation) -> tuple[Filed, ...]:
    """The codings of a conversation in order of time and coder, whoever may see them."""
    db, ground = grounds.db, grounds.of(conversation)

    def make() -> _Shelf:
        return _Shelf(tuple(_read(grounds, conversation)), ground)

    def renew(shelf: _Shelf, since: int) -> _Shelf:
        ids = journal_queries.rows_touched_in(db, "coding", since)
        if not ids and shelf.ground is ground:
            return shelf
        stay = [one for one in shelf.filed if one.id not in ids]
        stay = stay if shelf.ground is ground else [one.on(ground) for one in stay]
        fresh = _read(grounds, conversation, ids) if ids else []
        return _Shelf(tuple(sorted([*stay, *fresh], key=lambda one: one.order)), ground)

    return kept(db, ("codings", conversation.id), make, of_codebooks, renew).filed


def filed_under(grounds: Grounds, keys: Collection[str]) -> dict[str, Filed]:
    """By key: those of these codings that there are, whoever may see them."""
    places = coding_queries.coded_among(grounds.db, keys)
    there = (one for place in places for one in filed_codings(grounds, place))
    return {one.coding.key: one for one in there if one.coding.key in keys}


def seen_codings(grounds: Grounds, conversation: Conversation, sight: Sight) -> tuple[Coding, ...]:
    """What was coded in a conversation as far as it may be seen, in order of time and coder."""
    return tuple(one.coding for one in filed_codings(grounds, conversation) if sight.coding(one))


def _read(grounds: Grounds, conversation: Conversation, ids: Collection[str] | None = None) -> list[Filed]:
    rows = coding_queries.stored_codings(grounds.db, conversation.id, ids)
    return sorted((_filed(grounds, row, conversation) for row in rows), key=lambda one: one.order)


def _filed(grounds: Grounds, row: Any, conversation: Conversation) -> Filed:
    names = (row.code, row.coder, row.round)
    book, ground = grounds.book_of(row.codebook_id), grounds.of(conversation)
    coding = coding_of(book, ground, row, conversation.key, names)
    put_there = anchor_in(row, conversation.key)
    order = (row.start_ms, row.end_ms, row.folded, row.position, row.key)
    whose = (row.id, row.coder_id, row.codebook_id, row.round_id, row.made_at, conversation.id)
    return Filed(*whose, put_there, order, coding)
