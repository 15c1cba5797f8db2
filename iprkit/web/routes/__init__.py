"""The addresses of the server, one file a noun: each parses, calls one action, answers."""

from iprkit.web.routes import (
    agreement,
    assignments,
    codebooks,
    codings,
    doors,
    jobs,
    journal,
    moments,
    page,
    recalls,
    recordings,
    reports,
    rooms,
    studies,
    transcripts,
)

ROUTERS = (
    doors.router,
    studies.router,
    transcripts.router,
    recordings.router,
    recalls.router,
    moments.router,
    moments.notes,
    codebooks.router,
    codings.router,
    assignments.router,
    agreement.router,
    jobs.router,
    rooms.router,
    reports.router,
    journal.router,
    page.router,
)
"""In the order in which addresses are looked up; the page's own files come last."""
