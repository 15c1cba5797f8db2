/** Things made anew only where something that they are made of changed, so that whoever shows the rest has nothing to do. */

export class Kept<T> {
  #made = new Map<string, { from: readonly unknown[]; thing: T }>();

  /** The thing of this name as it was made last, or a new one where it would be made from something else now. */
  of(name: string, from: readonly unknown[], make: () => T): T {
    const last = this.#made.get(name);
    if (last && sameItems(last.from, from)) return last.thing;
    const thing = make();
    this.#made.set(name, { from, thing });
    return thing;
  }
}

/** Whether two lists hold the same things, not only equal ones, in the same order. */
export function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, i) => item === other[i]);
}
