/** Memos as pins on the time axis: one pin a place, several that stand close together as one with their number. */

export interface Pin {
  /** The memo's own key. */
  readonly key: string;
  /** What the inspector shows for it: the coding or moment that it is on, or itself. */
  readonly shows: string;
  readonly startMs: number;
  readonly text: string;
  readonly author: string;
  readonly kind: "coding" | "moment" | "note";
}

export interface Noted { readonly key: string; readonly target: string; readonly start_ms: number; readonly text: string; readonly author: string }
export interface Coded { readonly key: string; readonly start_ms: number; readonly memo: string; readonly coder: string }

/** Every memo of a session in order of time. */
export function pinsOf(memos: readonly Noted[], codings: readonly Coded[], moments: ReadonlySet<string>): Pin[] {
  const coded = new Set(codings.map((one) => one.key));
  const notes = memos.map((one): Pin => {
    const kind = moments.has(one.target) ? "moment" : coded.has(one.target) ? "coding" : "note";
    return { key: one.key, shows: kind === "note" ? one.key : one.target, startMs: one.start_ms, text: one.text, author: one.author, kind };
  });
  const own = codings.filter((one) => one.memo.trim()).map((one): Pin => ({
    key: `memo-${one.key}`, shows: one.key, startMs: one.start_ms, text: one.memo, author: one.coder, kind: "coding",
  }));
  return [...notes, ...own].sort((a, b) => a.startMs - b.startMs || (a.key < b.key ? -1 : 1));
}

export interface PinGroup {
  readonly pins: readonly Pin[];
  readonly x: number;
}

/**
 * Pins that would cover each other stand together where the first of them stands, none further left than `leastPx`.
 * Those off the screen are left out.
 */
export function grouped(pins: readonly Pin[], pxOf: (ms: number) => number, width: number, nearPx: number, leastPx = 0): PinGroup[] {
  const groups: { pins: Pin[]; x: number }[] = [];
  for (const pin of pins) {
    const at = pxOf(pin.startMs);
    if (at < 0 || at > width) continue;
    const x = Math.max(at, leastPx);
    const last = groups.at(-1);
    if (last && x - last.x < nearPx) last.pins.push(pin);
    else groups.push({ pins: [pin], x });
  }
  return groups;
}

/** The next pin in order of time: after the open one, or after a time where none is open. */
export function nextPin(pins: readonly Pin[], open: string, atMs: number, by: 1 | -1): Pin | undefined {
  const here = pins.findIndex((one) => one.key === open);
  if (here >= 0) return pins[Math.min(Math.max(here + by, 0), pins.length - 1)];
  return by > 0 ? (pins.find((one) => one.startMs >= atMs) ?? pins.at(-1)) : (pins.findLast((one) => one.startMs < atMs) ?? pins[0]);
}
