/** Bars on a lane: overlapping ones are laid on rows, and those under a pixel apart are found by a search. */

export interface Bar {
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Laid<T extends Bar> {
  readonly bar: T;
  readonly row: number;
}

/** Each bar gets the first row that is free; rows never overlap. Bars come back in order of their start. */
export function laidOut<T extends Bar>(bars: readonly T[]): { laid: Laid<T>[]; rows: number } {
  const sorted = [...bars].sort((a, b) => a.startMs - b.startMs || b.endMs - a.endMs || (a.key < b.key ? -1 : 1));
  const free: number[] = [];
  const laid = sorted.map((bar) => {
    const found = free.findIndex((end) => end <= bar.startMs);
    const row = found < 0 ? free.length : found;
    free[row] = Math.max(bar.endMs, bar.startMs + 1);
    return { bar, row };
  });
  return { laid, rows: Math.max(free.length, 1) };
}

/** The index of the last item that starts at or before `ms`; -1 where none does. Items are in order of `startMs`. */
export function lastAt<T>(items: readonly T[], ms: number, start: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start(items[middle] as T) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** What lies under a millisecond, the shortest first, so that a short bar on a long one can be reached. */
export function under<T extends Bar>(bars: readonly T[], ms: number, slackMs = 0): T[] {
  return bars
    .filter((bar) => bar.startMs - slackMs <= ms && ms < bar.endMs + slackMs)
    .sort((a, b) => a.endMs - a.startMs - (b.endMs - b.startMs));
}
