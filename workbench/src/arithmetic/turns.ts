/** Turns: a run of segments by one speaker; and what is being said at a millisecond. */

import { lastAt } from "./lanes";
import type { HasWords, TimedWord } from "./selection";

export interface SpokenBy extends HasWords {
  readonly speaker: string | null;
}

export interface Turn<S extends SpokenBy> {
  readonly key: string;
  readonly speaker: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly segments: readonly S[];
}

export function turnsOf<S extends SpokenBy>(segments: readonly S[]): Turn<S>[] {
  const turns: { key: string; speaker: string | null; startMs: number; endMs: number; segments: S[] }[] = [];
  for (const segment of segments) {
    const open = turns[turns.length - 1];
    if (open && open.speaker === segment.speaker) {
      open.segments.push(segment);
      open.endMs = Math.max(open.endMs, segment.end_ms);
    } else {
      turns.push({ key: segment.key, speaker: segment.speaker, startMs: segment.start_ms, endMs: segment.end_ms, segments: [segment] });
    }
  }
  return turns;
}

/** The word that sounds at `ms`, or that sounded last if it is over for less than `lingerMs`. Words in order of time. */
export function wordAt<W extends TimedWord>(words: readonly W[], ms: number, lingerMs = 400): W | null {
  const word = words[lastAt(words, ms, (w) => w.start_ms)];
  return word && ms < word.end_ms + lingerMs ? word : null;
}

/** The index of the turn that sounds at `ms`, or that sounded last; 0 before the first. */
export function turnAt(turns: readonly { readonly startMs: number }[], ms: number): number {
  return Math.max(lastAt(turns, ms, (turn) => turn.startMs), 0);
}
