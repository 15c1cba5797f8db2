"""The moments of a session with what was coded of them, as far as the asker may see it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session as Db

from iprkit.actions.moments import hidden
from iprkit.coding import Coding
from iprkit.database import recall_queries
from iprkit.database.blindness import sight_of
from iprkit.database.codings import Grounds
from iprkit.database.connect import Study
from iprkit.database.filed_codings import filed_codings
from iprkit.database.models import Session
from iprkit.database.moments import load_moments
from iprkit.database.recalls import words_of
from iprkit.recall import Moment
from iprkit.timeline import Span


def coded_moments(study: Study, key: str) -> list[tuple[Moment, list[Coding]]]:
    """The moments of a session in order, each with the codings that share time with it.

    Those of a whole session belong to no moment of it. Raises NotFound, InvalidInput for a recall interview's key.
    """
    with study.read() as db:
        session = recall_queries.session(db, key)
        found = load_moments(db, session, words_of(db, session), hidden(db, session))
        return list(zip(found, codings_at(db, study.author, session, [one.span for one in found]), strict=True))


def codings_at(db: Db, asker: str, session: Session, spans: Sequence[Span]) -> list[list[Coding]]:
    """For each stretch of a session the codings that share time with it, in order."""
    grounds, sight = Grounds(db), sight_of(db, asker)
    filed = (one for one in filed_codings(grounds, session) if one.kind != "session")
    coded = [one.coding for one in filed if sight.coding(one)]
    return [[one for one in coded if one.anchor.span.overlap_ms(span) > 0] for span in spans]
