"""What a study's database knows of how the study was made, as plain values for the methods section of a paper."""

from __future__ import annotations

from dataclasses import dataclass

SETTINGS = (
    "task", "beam_size", "best_of", "temperature", "condition_on_previous_text", "initial_prompt", "second",
    "compute_type",
)  # fmt: skip
"""The settings of an engine that a paper tells."""

UNTOLD = {"compute_type": "default"}
"""What says nothing: an older run did not store in what its engine calculated."""


@dataclass(frozen=True)
class Heard:
    """Transcripts made alike: by which engine and model, with which settings. ``keys`` are of what was transcribed."""

    engine: str
    engine_version: str
    model: str
    model_sha256: str
    language: str
    tool_version: str
    settings: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Corrected:
    """What people changed of what engines heard: transcripts with a change, words changed of words heard, and by author
    how many corrections the journal holds."""

    transcripts: int
    changed_words: int
    heard_words: int
    corrections: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Linked:
    """How recall was laid on the session's clock. ``sources`` count pieces of time maps by where they come from.

    ``settings`` are those of linking in ms; ``about_by_hand`` comments whose stretch a person set. ``delays_days`` lie
    between a session and the interview about it, as far as both dates are known; ``undated`` are the others.
    """

    interviews: int
    sources: tuple[tuple[str, int], ...]
    pinned: int
    comments: tuple[tuple[str, int], ...]
    about_by_hand: int
    moments: int
    settings: tuple[tuple[str, int], ...]
    delays_days: tuple[int, ...]
    undated: int


@dataclass(frozen=True)
class Figure:
    """One figure of agreement as it is reported, or the reason why there is none."""

    statistic: str
    codebook: str
    round: str | None
    unit: str
    n_units: int
    coders: tuple[str, ...]
    value: float | None
    ci: tuple[float, float] | None
    interval: str
    reason: str | None


@dataclass(frozen=True)
class Coded:
    """A codebook in use: what it is, what it is applied to, who coded how much with it, and how far they agree."""

    name: str
    version: str
    title: str
    citation: str
    codes_used: int
    codes: int
    unit: str
    codings: tuple[tuple[str, int], ...]
    assignments: int
    blind: int
    samples: tuple[str, ...]
    settled: int
    deciders: tuple[str, ...]
    agreement: tuple[Figure, ...]


@dataclass(frozen=True)
class Facts:
    """All of it, for the study or for some dyads. ``remarks`` say what was left out and why."""

    title: str
    iprkit: str
    dyads: int
    people: tuple[tuple[str, int], ...]
    sessions: int
    recorded: int
    undated_sessions: int
    video: int
    duration_ms: int
    heard: tuple[Heard, ...]
    untranscribed: tuple[str, ...]
    unnamed: tuple[str, ...]
    corrected: Corrected
    linked: Linked
    coded: tuple[Coded, ...]
    memos: int
    consents: int
    quotable_comments: int
    asked_comments: int
    remarks: tuple[str, ...]
