/** Which moments lie beside another, and so may be one with it. */

import type { Moment } from "../api/shapes";

type Placed = Pick<Moment, "key" | "label" | "start_ms" | "end_ms">;

/** The moments before and after one, and those that share time with it, each with how to speak of it. */
export function neighbours<One extends Placed>(moments: readonly One[], one: One): { moment: One; said: string }[] {
  const inOrder = [...moments].sort((a, b) => a.start_ms - b.start_ms || a.end_ms - b.end_ms);
  const at = inOrder.findIndex((each) => each.key === one.key);
  return inOrder.flatMap((moment, place) => {
    if (place === at || at < 0) return [];
    const shares = moment.start_ms < one.end_ms && moment.end_ms > one.start_ms;
    if (shares) return [{ moment, said: `${moment.label ?? moment.key}, which overlaps` }];
    return Math.abs(place - at) === 1 ? [{ moment, said: place < at ? "the one before" : "the one after" }] : [];
  });
}
