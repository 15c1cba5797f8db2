/** What hangs together in a codebook: what lies below a code, what points to it, where it may go, what it may be merged into. */

import type { Code } from "../api/shapes";

export type Placed = Pick<Code, "key" | "name" | "parent" | "retired" | "codable" | "uses" | "applied">;

/** The key of a code and those of all codes below it, at any depth. */
export function withBelow(codes: readonly Placed[], key: string): Set<string> {
  const found = new Set([key]);
  for (const code of codes) if (code.parent !== null && found.has(code.parent)) found.add(code.key);
  return found;
}

/** The codes below which a code may be put: those in use that are not itself and do not lie below it. */
export function homes<C extends Placed>(codes: readonly C[], key: string): C[] {
  const own = withBelow(codes, key);
  return codes.filter((one) => !one.retired && !own.has(one.key));
}

/** The codes that may stand for another: given themselves, and rated on the same scale, or ratings would not fit. */
export function heirs<C extends Placed>(codes: readonly C[], code: Placed): C[] {
  return homes(codes, code.key).filter((one) => one.codable && (!code.codable || one.applied.scale === code.applied.scale));
}

/** The codes that may be merged into `into` besides `code`, which is merged into it anyway. */
export function companions<C extends Placed>(codes: readonly C[], code: Placed, into: Placed): C[] {
  return codes.filter((one) => !one.retired && one.key !== code.key && heirs(codes, one).some((heir) => heir.key === into.key));
}

/** How many of what point to these codes, in words: "3 codings and 1 settlement"; empty where nothing does. */
export function pointing(codes: readonly Placed[], keys: Iterable<string>): string {
  const wanted = new Set(keys);
  const counts = new Map<string, number>();
  for (const code of codes.filter((one) => wanted.has(one.key)))
    for (const [kind, count] of Object.entries(code.uses)) counts.set(kind, (counts.get(kind) ?? 0) + count);
  return [...counts].sort(([a], [b]) => order(a) - order(b)).map(([kind, count]) => counted(count, WORDS[kind] ?? kind)).join(" and ");
}

/** "1 coding", "2 codings". */
export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

const WORDS: Readonly<Record<string, string>> = { coding: "coding", adjudication: "settlement" };
const order = (kind: string): number => (Object.keys(WORDS).indexOf(kind) + 1) || 99;

export interface Anchored { readonly value: number; readonly text: string }

/** What the numbers of a scale mean, a line each as `1 = not at all`; the first line that is none, as text. */
export function anchorsOf(text: string): Anchored[] | string {
  const anchors: Anchored[] = [];
  for (const line of text.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const [, value, meaning] = /^(-?\d+(?:[.,]\d+)?)\s*[=:]\s*(.+)$/.exec(line) ?? [];
    if (value === undefined || meaning === undefined) return line;
    anchors.push({ value: Number(value.replace(",", ".")), text: meaning });
  }
  return anchors;
}

/** The same lines from what a scale has. */
export const anchorLines = (anchors: readonly Anchored[]): string => anchors.map((one) => `${one.value} = ${one.text}`).join("\n");

/** Of what stands in a form that which was changed. */
export function changed<T extends Record<string, unknown>>(now: T, was: T): Partial<T> {
  return Object.fromEntries(Object.entries(now).filter(([field, value]) => value !== was[field])) as Partial<T>;
}
