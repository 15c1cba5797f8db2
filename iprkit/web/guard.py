"""The door of the server: every request is looked at before anything else happens, and every answer is locked down.

Pages of other sites, also those that make their own name point to this machine, get nothing: the name that a browser
asks for and the site that it asks from must be this server's own. Reading takes a cookie, writing also a header.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from iprkit.actions.added_recordings import LARGEST
from iprkit.errors import IprkitError, NotAllowed, NotSignedIn
from iprkit.web.errors import answer_to, refused
from iprkit.web.visits import Visit, Visits, is_same

CSRF_HEADER = "x-iprkit-token"
READING = frozenset({"GET", "HEAD"})
OPEN = frozenset({"/api/door", "/api/login"})
"""What may be asked without being let in, besides the page's own files."""

LARGEST_BODY = 5_000_000
"""Bytes of a request that brings no recording."""

LARGEST_CHUNK = 50_000_000
"""Bytes of a piece of a recording; two seconds of sound have some ten thousand."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_LOCKS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}


@dataclass(frozen=True)
class Doors:
    """Under which addresses the server answers: ``hosts`` as in the Host header, ``scheme`` http or https."""

    hosts: frozenset[str]
    scheme: str
    cookie: str

    def is_own(self, origin: str) -> bool:
        """Whether a page of this origin is ours."""
        scheme, _, host = origin.partition("://")
        return scheme == self.scheme and host in self.hosts


class Guard:
    """Lets requests through to the application, with the visitor in ``state``, or answers them itself."""

    def __init__(self, app: ASGIApp, doors: Doors, visits: Visits) -> None:
        self.app = app
        self.doors = doors
        self.visits = visits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        locked = _locking(send, scope["path"])
        headers = Headers(scope=scope)
        try:
            scope.setdefault("state", {})["visit"] = self._let_in(scope, headers)
        except IprkitError as e:
            await answer_to(e)(scope, receive, locked)
            return
        too_much = _too_much(scope, headers)
        if too_much is not None:
            await too_much(scope, receive, locked)
            return
        await self.app(scope, receive, locked)

    def _let_in(self, scope: Scope, headers: Headers) -> Visit | None:
        """Who asks. Raises NotAllowed, NotSignedIn."""
        if headers.get("host", "").lower() not in self.doors.hosts or len(headers.getlist("host")) != 1:
            raise NotAllowed("this server answers only under the address that iprkit open printed")
        path, writes = scope["path"], scope["method"] not in READING
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is not None and not self.doors.is_own(origin.lower()):
            raise NotAllowed("requests from pages of other sites are refused")
        if path.startswith("/api/") and site not in (None, "same-origin", "none"):
            raise NotAllowed("requests from pages of other sites are refused")
        visit = self.visits.of(cookie_parser(headers.get("cookie", "")).get(self.doors.cookie))
        if not path.startswith("/api/") or path in OPEN:
            return visit
        if visit is None:
            raise NotSignedIn("nobody is signed in here; open the page with the address that iprkit open printed")
        if writes and not is_same(headers.get(CSRF_HEADER), visit.csrf):
            raise NotAllowed(f"a change needs the header {CSRF_HEADER} with the csrf word of /api/me")
        return visit


def _too_much(scope: Scope, headers: Headers) -> Response | None:
    """The refusal of a body that is larger than is meant, or that does not say how large it is."""
    upload = scope["path"] == "/api/recordings"
    largest = LARGEST if upload else LARGEST_CHUNK if "/chunks/" in scope["path"] else LARGEST_BODY
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > largest:
        return refused(413, "too_large", f"this is larger than the {largest // 1_000_000} MB that are taken here")
    if "transfer-encoding" in headers and not upload:
        return refused(411, "length_required", "say beforehand how long the request is")
    return None


def _locking(send: Send, path: str) -> Send:
    async def locked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _LOCKS.items():
                headers.setdefault(name, value)
            if path.startswith("/api/"):
                headers.setdefault("cache-control", "no-store")
        await send(message)

    return locked
