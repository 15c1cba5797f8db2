/** What a codebook's units leave to choose from when coding is assigned, and what a further round is called. */

import type { Assignment } from "../api/shapes";

/** Units that can be listed, and so drawn; the others are marked by the coders themselves. */
const LISTED = ["moment", "comment", "session", "segment", "turn", "window"];
/** Where coders mark their units themselves, what may be handed to them to look through, besides whole sessions. */
const LOOKED_THROUGH: Record<string, readonly string[]> = {
  words: ["segment"], thought_unit: ["segment"], span: ["segment", "turn"],
};

/** The units that may be drawn for a codebook's unit, its usual one first. */
export function drawable(unit: string | null): string[] {
  const own = unit ?? "segment";
  return LISTED.includes(own) ? [...new Set([own, "session"])] : ["session", ...(LOOKED_THROUGH[own] ?? [])];
}

/** The usual name of a round: all main coding is one round, and each further test of agreement one of its own. */
export function roundFor(purpose: string, assignments: readonly Pick<Assignment, "round">[]): string {
  if (purpose === "main") return "main";
  const used = new Set(assignments.map((one) => one.round));
  let number = 1;
  while (used.has(`${purpose}-${number}`)) number += 1;
  return `${purpose}-${number}`;
}

/** A share in per cent as the server takes it; none where all is meant. */
export const shareOf = (percent: number): number | null => (percent === 100 ? null : percent / 100);
