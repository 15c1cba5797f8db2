/** What a code is put on: the unit that its codebook codes by, around what was selected. */

import type { HasWords, Selection } from "./selection";
import type { SpokenBy, Turn } from "./turns";

export interface Place {
  readonly key: string;
  readonly durationMs: number;
  readonly segments: readonly HasWords[];
  readonly turns: readonly Turn<SpokenBy>[];
  readonly moments: readonly { readonly key: string; readonly start_ms: number; readonly end_ms: number }[];
}

/**
 * The windows of a session, as the toolkit counts them: from the beginning; a rest of half a window or more is a
 * window of its own, a shorter one belongs to the window before it.
 */
export function windows(place: Place, windowMs: number): Selection[] {
  const full = Math.floor(place.durationMs / windowMs);
  const rest = place.durationMs - full * windowMs;
  const count = Math.max(rest * 2 >= windowMs && rest > 0 ? full + 1 : full, 1);
  const length = windowMs % 1000 ? `${windowMs}ms` : `${windowMs / 1000}s`;
  return Array.from({ length: count }, (_, i) => ({
    kind: "unit",
    key: `${place.key}-W${length}-${String(i + 1).padStart(2, "0")}`,
    startMs: i * windowMs,
    endMs: i === count - 1 ? place.durationMs : (i + 1) * windowMs,
  }));
}

/** The selection as a unit of this kind; as it is where the unit is free, or nothing of that kind lies there. */
export function snapped(selection: Selection, unit: string | null, windowMs: number | null, place: Place): Selection {
  if (selection.kind === "unit") return selection;
  const at = selection.startMs;
  switch (unit) {
    case "window":
      return windowMs ? (windows(place, windowMs).findLast((one) => one.startMs <= at) ?? selection) : selection;
    case "segment": {
      const found = place.segments.findLast((one) => one.start_ms <= at);
      return found ? { kind: "segment", key: found.key, startMs: found.start_ms, endMs: found.end_ms } : selection;
    }
    case "turn": {
      const found = place.turns.findLast((one) => one.startMs <= at);
      return found ? { kind: "turn", key: found.key, startMs: found.startMs, endMs: found.endMs } : selection;
    }
    case "moment": {
      const found = place.moments.find((one) => one.start_ms <= at && at < one.end_ms);
      return found ? { kind: "unit", key: found.key, startMs: found.start_ms, endMs: found.end_ms } : selection;
    }
    case "session":
      return { kind: "unit", key: place.key, startMs: 0, endMs: place.durationMs };
    default:
      return selection;
  }
}
