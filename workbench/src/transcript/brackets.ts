/** Coding brackets beside the text: which coding runs along which segments, on which track. */

import type { Code, Coding, Segment } from "../api/shapes";
import { codeSign } from "../axis/lanes";
import { initialsOf } from "../arithmetic/initials";
import { sameItems } from "../arithmetic/kept";
import { laidOut, lastAt } from "../arithmetic/lanes";

export interface Bracket {
  readonly coding: Coding;
  readonly track: number;
  readonly first: boolean;
  readonly last: boolean;
  readonly colour: string;
  readonly sign: string;
  /** Whose it is, in initials, where several people's are shown; else empty. */
  readonly coder: string;
  readonly title: string;
}

/** Of more tracks than these the rest is seen on the axis and in the inspector. */
export const TRACKS = 7;

/** How far the tracks are apart, in pixels: as near as the signs of the codes let them, with room for initials. */
export function trackWidth(brackets: ReadonlyMap<string, readonly Bracket[]>): number {
  let longest = 0;
  for (const list of brackets.values()) for (const one of list) longest = Math.max(longest, one.coder.length);
  return longest ? 19 + 8 * longest : 17;
}

type Codes = ReadonlyMap<string, Code>;
type Beside = ReadonlyMap<string, readonly Bracket[]>;

/** Where and for whom a coding's brackets were made, and they, one for each segment. */
interface Made {
  readonly row: number;
  readonly coder: string;
  readonly brackets: readonly (readonly [string, Bracket])[];
}

/** The brackets of a transcript. Beside a segment where nothing changed the list is the same object as before. */
export class Brackets {
  #segments: readonly Segment[] = [];
  #codes: Codes = new Map();
  #made = new WeakMap<Coding, Made>();
  #beside: Beside = new Map();

  /** Codings of words, segments, turns and spans; whole windows and sessions would only be bars along everything. */
  of(codings: readonly Coding[], segments: readonly Segment[], codes: Codes): Beside {
    if (segments !== this.#segments || codes !== this.#codes) this.#made = new WeakMap();
    [this.#segments, this.#codes] = [segments, codes];
    const fine = codings.filter((one) => one.kind !== "window" && one.kind !== "session");
    const coders = initialsOf(fine.map((one) => one.coder));
    const { laid } = laidOut(fine.map((one) => ({ key: one.key, startMs: one.start_ms, endMs: one.end_ms, coding: one })));
    const beside = new Map<string, Bracket[]>();
    for (const { bar, row } of laid) {
      if (row >= TRACKS) continue;
      for (const [segment, one] of this.#of(bar.coding, row, coders.size > 1 ? (coders.get(bar.coding.coder) ?? "") : "")) {
        const list = beside.get(segment);
        if (list) list.push(one);
        else beside.set(segment, [one]);
      }
    }
    return (this.#beside = new Map([...beside].map(([key, list]) => [key, this.#kept(key, list)])));
  }

  #kept(key: string, list: readonly Bracket[]): readonly Bracket[] {
    const before = this.#beside.get(key);
    return before && sameItems(before, list) ? before : list;
  }

  #of(coding: Coding, row: number, coder: string): Made["brackets"] {
    const last = this.#made.get(coding);
    if (last?.row === row && last.coder === coder) return last.brackets;
    const covered = coveredBy(this.#segments, coding.start_ms, coding.end_ms);
    const look = { coding, track: row, coder, ...lookOf(coding, this.#codes.get(`${coding.codebook}:${coding.code}`)) };
    const brackets = covered.map((segment, i) => [segment.key, { ...look, first: i === 0, last: i === covered.length - 1 }] as const);
    this.#made.set(coding, { row, coder, brackets });
    return brackets;
  }
}

function lookOf(coding: Coding, code: Code | undefined): Pick<Bracket, "colour" | "sign" | "title"> {
  const rating = coding.rating === null ? "" : ` ${coding.rating}`;
  return {
    colour: code?.shown_colour ?? "var(--other)",
    sign: codeSign(code, coding.code),
    title: `${code?.name ?? coding.code}${rating} · ${coding.coder}`,
  };
}

function coveredBy(segments: readonly Segment[], startMs: number, endMs: number): Segment[] {
  const found: Segment[] = [];
  for (let i = Math.max(lastAt(segments, startMs, (one) => one.start_ms), 0); i < segments.length; i++) {
    const segment = segments[i];
    if (!segment || segment.start_ms >= endMs) break;
    if (segment.end_ms > startMs) found.push(segment);
  }
  return found;
}
