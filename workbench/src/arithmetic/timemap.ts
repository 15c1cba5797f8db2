/** Which stretch of the session was playing at which time of the recall interview. */

export interface Piece {
  readonly interview_start_ms: number;
  readonly interview_end_ms: number;
  readonly session_start_ms: number;
  readonly session_end_ms: number;
}

/** Where in the session playback stood at a time of the interview; null while it was paused. */
export function sessionAt(pieces: readonly Piece[], interviewMs: number): number | null {
  const piece = pieces.find((p) => p.interview_start_ms <= interviewMs && interviewMs < p.interview_end_ms);
  return piece ? Math.round(along(piece, interviewMs)) : null;
}

/** All times of the interview at which this millisecond of the session was heard; several after a rewind. */
export function interviewAt(pieces: readonly Piece[], sessionMs: number): number[] {
  return pieces
    .filter((p) => p.session_start_ms <= sessionMs && sessionMs < p.session_end_ms)
    .map((p) => Math.round(p.interview_start_ms + ((sessionMs - p.session_start_ms) * heard(p)) / shown(p)));
}

/** The piece with one edge of its interview side moved; its session side moves along at the same speed. */
export function edgeMoved(piece: Piece, edge: "start" | "end", toMs: number, leastMs = 100): Piece {
  if (edge === "start") {
    const at = Math.min(toMs, piece.interview_end_ms - leastMs);
    const session = Math.round(along(piece, at));
    const back = session < 0 ? -session : 0;
    return { ...piece, interview_start_ms: Math.round(at + back), session_start_ms: session + back };
  }
  const at = Math.max(toMs, piece.interview_start_ms + leastMs);
  return { ...piece, interview_end_ms: Math.round(at), session_end_ms: Math.round(along(piece, at)) };
}

/** The piece moved to other times of the session, as long as before. */
export function shifted<P extends Piece>(piece: P, byMs: number): P {
  const by = Math.max(byMs, -piece.session_start_ms);
  return { ...piece, session_start_ms: piece.session_start_ms + by, session_end_ms: piece.session_end_ms + by };
}

const heard = (p: Piece): number => Math.max(p.interview_end_ms - p.interview_start_ms, 1);
const shown = (p: Piece): number => Math.max(p.session_end_ms - p.session_start_ms, 1);
const along = (p: Piece, interviewMs: number): number =>
  p.session_start_ms + ((interviewMs - p.interview_start_ms) * shown(p)) / heard(p);
