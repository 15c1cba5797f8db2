/** Short signs that tell people apart where there is no room for their names. Pure. */

/** For each name its initials; where several have the same, a letter or digit in which they differ, else a number. */
export function initialsOf(names: readonly string[]): Map<string, string> {
  const all = [...new Set(names)].sort();
  const plain = new Map(all.map((name) => [name, initials(name)]));
  const found = new Map(all.map((name) => [name, apart(name, all.filter((one) => plain.get(one) === plain.get(name)))]));
  if (new Set(found.values()).size === all.length) return found;
  return new Map(all.map((name, i) => [name, `${first(name)}${i + 1}`]));
}

const first = (name: string): string => (name[0] ?? "?").toUpperCase();

const initials = (name: string): string => name.split(/[\s._-]+/).filter(Boolean).slice(0, 2).map(first).join("") || "?";

/** The sign of a name among those with the same initials. */
function apart(name: string, alike: readonly string[]): string {
  if (alike.length === 1) return initials(name);
  const at = [...name].findIndex((_, i) => new Set(alike.map((one) => one[i]?.toUpperCase() ?? "")).size === alike.length);
  return at > 0 ? `${first(name)}${(name[at] ?? "").toUpperCase()}` : `${first(name)}${alike.indexOf(name) + 1}`;
}
