/** Codes by a few letters: names that begin so first, then words in them, then letters in this order. */

export interface Named { readonly key: string; readonly name: string }

export function best<T extends Named>(things: readonly T[], sought: string): T[] {
  const letters = sought.trim().toLowerCase();
  if (!letters) return [...things];
  return things
    .map((thing, place) => ({ thing, place, rank: rankOf(thing, letters) }))
    .filter((one) => one.rank < 9)
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .map((one) => one.thing);
}

function rankOf(thing: Named, letters: string): number {
  const name = thing.name.toLowerCase();
  const key = thing.key.toLowerCase();
  if (key === letters || name === letters) return 0;
  if (name.startsWith(letters) || key.startsWith(letters)) return 1;
  if (name.split(/\W+/).some((word) => word.startsWith(letters))) return 2;
  if (name.includes(letters) || key.includes(letters)) return 3;
  return inOrder(name, letters) ? 4 : 9;
}

function inOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const sign of text) if (sign === letters[at]) at += 1;
  return at === letters.length;
}
