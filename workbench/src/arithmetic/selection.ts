/** What is selected to be coded: words, whole segments or turns, or a span of time, and the key it is called by. */

export interface TimedWord {
  readonly id: string;
  readonly start_ms: number;
  readonly end_ms: number;
}

export interface HasWords {
  readonly key: string;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly words: readonly TimedWord[];
}

export type Selection =
  | { readonly kind: "words"; readonly first: string; readonly last: string; readonly startMs: number; readonly endMs: number }
  | { readonly kind: "segment" | "turn"; readonly key: string; readonly startMs: number; readonly endMs: number }
  | { readonly kind: "unit"; readonly key: string; readonly startMs: number; readonly endMs: number }
  | { readonly kind: "span"; readonly startMs: number; readonly endMs: number };

/** The target's key, as the command line writes it. */
export function targetOf(session: string, selection: Selection): string {
  switch (selection.kind) {
    case "words":
      return selection.first === selection.last
        ? `${session}-${selection.first}`
        : `${session}-${selection.first}..${selection.last}`;
    case "segment":
    case "unit":
      return selection.key;
    case "turn":
      return `${selection.key}-turn`;
    case "span":
      return `${session}@${point(selection.startMs)}-${point(selection.endMs)}`;
  }
}

function point(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const rest = ms % 60_000;
  const seconds = Math.floor(rest / 1000);
  return `${minutes}:${String(seconds).padStart(2, "0")}.${String(rest % 1000).padStart(3, "0")}`;
}

/** The session or interview on whose clock a target lies; a recall comment lies on that of the session it is about. */
export function placeOf(target: string, session: string, interviews: readonly string[]): string {
  const found = interviews.find((key) => target === key || target.startsWith(`${key}-`) || target.startsWith(`${key}@`));
  return found && !/-K\d+$/.test(target) ? found : session;
}

/** Two words and all between them, whichever was touched first. Null where one of them is not there (any more). */
export function wordsBetween(words: readonly TimedWord[], one: string, other: string): Selection | null {
  const a = words.findIndex((word) => word.id === one);
  const b = words.findIndex((word) => word.id === other);
  const [first, last] = a <= b ? [words[a], words[b]] : [words[b], words[a]];
  if (!first || !last) return null;
  return { kind: "words", first: first.id, last: last.id, startMs: first.start_ms, endMs: Math.max(last.end_ms, first.end_ms) };
}

/** The word selection made longer or shorter by a word at its end; at its beginning with `edge` "first". */
export function stretched(words: readonly TimedWord[], from: Selection, by: 1 | -1, edge: "first" | "last"): Selection {
  if (from.kind !== "words") return from;
  const first = words.findIndex((word) => word.id === from.first);
  const last = words.findIndex((word) => word.id === from.last);
  const a = edge === "first" ? Math.min(Math.max(first + by, 0), last) : first;
  const b = edge === "last" ? Math.max(Math.min(last + by, words.length - 1), first) : last;
  return wordsBetween(words, words[a]?.id ?? from.first, words[b]?.id ?? from.last) ?? from;
}

/** The next word, segment or unit in `list`, by its key; the first where nothing was selected. */
export function neighbour<T>(list: readonly T[], isHere: (item: T) => boolean, by: 1 | -1): T | undefined {
  const here = list.findIndex(isHere);
  if (here < 0) return by > 0 ? list[0] : list[list.length - 1];
  return list[Math.min(Math.max(here + by, 0), list.length - 1)];
}

/** Where a mark stands: people press late by their reaction time while it plays, and not at all in silence. */
export const reacted = (ms: number, playing: boolean, reactionMs: number): number => Math.max(ms - (playing ? reactionMs : 0), 0);

/** Two marks as a span, in whichever order they were set; null where hardly anything lies between. */
export function marked(one: number, other: number): { startMs: number; endMs: number } | null {
  const [startMs, endMs] = [Math.min(one, other), Math.max(one, other)];
  return endMs - startMs >= 50 ? { startMs, endMs } : null;
}
