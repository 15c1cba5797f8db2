"""Draws docs/two-clocks.svg from the sample study: python scripts/two_clocks.py demo-study docs/two-clocks.svg"""

from __future__ import annotations

import sys
from pathlib import Path

from iprkit.actions.recalls import show
from iprkit.database.connect import open_study
from iprkit.database.queries import all_conversations
from iprkit.recall import Piece
from iprkit.timeline import clock

WIDTH, LEFT, LANE, GAP = 900, 110, 26, 74
INK, PAPER = "#22303c", "#ffffff"
COLOURS = {"client": "#2a7f9e", "therapist": "#b3541e"}


def main(folder: Path, to: Path) -> None:
    with open_study(folder) as study, study.read() as db:
        lengths = {one.key: one.duration_ms for one in all_conversations(db)}
        maps = {party: show(study, f"D01-S03-{party}").time_map.pieces for party in COLOURS}
    scale = (WIDTH - LEFT - 20) / max(lengths.values())
    middle = 40 + LANE + GAP
    tops = {"client": 40, "therapist": middle + LANE + GAP}
    parts = [_lane("session", middle, lengths["D01-S03"] * scale, INK)]
    for party, pieces in maps.items():
        parts.append(_lane(f"{party}'s recall", tops[party], lengths[f"D01-S03-{party}"] * scale, COLOURS[party]))
        parts += [_band(piece, scale, tops[party], middle, COLOURS[party]) for piece in pieces]
    height = tops["therapist"] + LANE + 40
    title = "Which stretch of the session was playing at which time of the two recall interviews"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif">'
    ground = f'<title>{title}</title><rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>'
    to.write_text("\n".join([head, ground, *parts, _ticks(scale, height), "</svg>"]) + "\n", encoding="utf-8")


def _lane(name: str, top: float, length: float, colour: str) -> str:
    box = f'<rect x="{LEFT}" y="{top}" width="{length:.1f}" height="{LANE}" rx="3" fill="none" stroke="{colour}"/>'
    return box + f'<text x="{LEFT - 8}" y="{top + 17}" text-anchor="end" font-size="13" fill="{colour}">{name}</text>'


def _band(piece: Piece, scale: float, lane: float, middle: float, colour: str) -> str:
    """The stretch on both clocks, joined: its slant says how far the clocks are apart there."""
    a, b = (LEFT + ms * scale for ms in (piece.interview.start_ms, piece.interview.end_ms))
    c, d = (LEFT + ms * scale for ms in (piece.session.start_ms, piece.session.end_ms))
    near, far = (lane + LANE, middle) if lane < middle else (lane, middle + LANE)
    edge, inner = (lane, middle + LANE) if lane < middle else (lane + LANE, middle)
    corners = [(a, edge), (b, edge), (b, near), (d, far), (d, inner), (c, inner), (c, far), (a, near)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f'<polygon points="{points}" fill="{colour}" fill-opacity="0.25" stroke="{colour}" stroke-width="0.8"/>'


def _ticks(scale: float, height: float) -> str:
    marks = ((ms, LEFT + ms * scale) for ms in range(0, 180_001, 30_000) if LEFT + ms * scale < WIDTH - 20)
    return "".join(
        f'<text x="{x:.1f}" y="{height - 14}" font-size="11" text-anchor="middle" fill="{INK}">{clock(ms)[:-2]}</text>'
        for ms, x in marks
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
