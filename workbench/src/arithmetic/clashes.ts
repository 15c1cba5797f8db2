/** What two people made of the same thing, field by field. */

export interface Side { readonly field: string; readonly mine: string; readonly theirs: string }

type Fields = Readonly<Record<string, unknown>>;

const NAMES: Readonly<Record<string, string>> = {
  include: "belongs", exclude: "does not belong", shortcut: "key", parent: "below", scale: "rated on", unit: "coded by",
  window_ms: "window in ms", min_ms: "silence from, in ms",
};
/** What somebody wrote or meant, and would not want to look for again. */
const WRITTEN = ["text", "memo", "code"];

/** The fields that one wanted to change, with what they hold in the study now; what was refused otherwise only by its words. */
export function sides(body: Fields | undefined, theirs: Fields | null): Side[] {
  const fields = Object.keys(body ?? {}).filter((field) => (theirs ? field !== "base" && field in theirs : WRITTEN.includes(field) && body?.[field]));
  return fields.map((field) => ({ field: NAMES[field] ?? field.replaceAll("_", " "), mine: said(body?.[field]), theirs: said(theirs?.[field]) }));
}

function said(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.map(said).join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value);
}
