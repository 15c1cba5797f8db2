/** Coding brackets beside the text: which coding runs along which segments, on which track. Pure. */

import type { Code, Coding, Segment } from "../api/shapes";
import { codeSign } from "../axis/lanes";
import { initialsOf } from "../arithmetic/initials";
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

/** Codings of words, segments, turns and spans; whole windows and sessions would only be bars along everything. */
export function bracketsOf(
  codings: readonly Coding[], segments: readonly Segment[], codes: ReadonlyMap<string, Code>,
): Map<string, Bracket[]> {
  const beside = new Map<string, Bracket[]>();
  const fine = codings.filter((one) => one.kind !== "window" && one.kind !== "session");
  const coders = initialsOf(fine.map((one) => one.coder));
  const { laid } = laidOut(fine.map((one) => ({ key: one.key, startMs: one.start_ms, endMs: one.end_ms, coding: one })));
  for (const { bar, row } of laid) {
    if (row >= TRACKS) continue;
    const covered = coveredBy(segments, bar.startMs, bar.endMs);
    const code = codes.get(`${bar.coding.codebook}:${bar.coding.code}`);
    covered.forEach((segment, i) => {
      const made: Bracket = {
        coding: bar.coding, track: row, first: i === 0, last: i === covered.length - 1,
        colour: code?.shown_colour ?? "var(--other)",
        sign: codeSign(code, bar.coding.code),
        coder: coders.size > 1 ? (coders.get(bar.coding.coder) ?? "") : "",
        title: `${code?.name ?? bar.coding.code}${bar.coding.rating === null ? "" : ` ${bar.coding.rating}`} · ${bar.coding.coder}`,
      };
      const list = beside.get(segment.key);
      if (list) list.push(made);
      else beside.set(segment.key, [made]);
    });
  }
  return beside;
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
