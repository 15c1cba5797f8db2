"""Changes that a page sends twice, because the first answer was lost on its way, get that first answer again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EDIT_HEADER = "x-iprkit-edit"
"""A word that the page makes up for each change, the same whenever it sends that change again."""

_MOST = 2_000  # answers kept
_LARGEST = 200_000  # bytes of an answer that is kept


@dataclass
class _Answer:
    done: asyncio.Event = field(default_factory=asyncio.Event)
    messages: list[Message] = field(default_factory=list)
    kept: bool = False


class Repeats:
    """Remembers the answers to changes by visitor and the page's word for the change; errors are not kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._answers: OrderedDict[tuple[str, str], _Answer] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = self._name(scope)
        if name is None:
            await self.app(scope, receive, send)
            return
        known = self._answers.get(name)
        if known is not None:
            await known.done.wait()
            if known.kept:
                for message in known.messages:
                    await send(message)
                return
        answer = self._answers[name] = _Answer()
        try:
            await self.app(scope, receive, _noting(send, answer))
        finally:
            self._settle(name, answer)

    def _settle(self, name: tuple[str, str], answer: _Answer) -> None:
        size = sum(len(message.get("body", b"")) for message in answer.messages)
        ok = bool(answer.messages) and 200 <= answer.messages[0]["status"] < 300
        whole = ok and not answer.messages[-1].get("more_body", False) and answer.messages[-1]["type"].endswith("body")
        answer.kept = whole and size <= _LARGEST
        answer.done.set()
        if not answer.kept:
            self._answers.pop(name, None)
        while len(self._answers) > _MOST:
            self._answers.popitem(last=False)

    def _name(self, scope: Scope) -> tuple[str, str] | None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            return None
        word, visit = Headers(scope=scope).get(EDIT_HEADER), scope.get("state", {}).get("visit")
        return (visit.name, f"{scope['path']} {word}") if word and visit else None


def _noting(send: Send, answer: _Answer) -> Send:
    async def noting(message: Message) -> None:
        answer.messages.append(message)
        await send(message)

    return noting
