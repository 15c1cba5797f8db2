/** A change that came too late, in words: what happened, what one wanted, and what stands in the study now. Pure. */

import { clock } from "./clock";

export interface Late {
  readonly method: string;
  readonly label: string;
  readonly body?: Record<string, unknown>;
}

export interface Told {
  readonly said: string;
  /** Both sides, line by line; empty where the two cannot be shown beside each other, so that nobody is asked to choose. */
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

export function clashTold(late: Late, message: string, theirs: Values | null): Told {
  if (!theirs) return { said: refused(late.label, message), mine: lines(late.body ?? {}, WRITTEN, true), theirs: [] };
  const sides = (Array.isArray(theirs["pieces"]) ? mapSides(late.body ?? {}, theirs["pieces"] as Values[]) : sidesOf(late, theirs));
  if (!sides.mine.length || !sides.theirs.length) return { said: refused(late.label, message), mine: [], theirs: [] };
  return { said: `${capital(message.split(";")[0] ?? message)}. Yours is not stored.`, ...sides };
}

/** The label, unless the sentence names the thing already. */
function refused(label: string, message: string): string {
  const key = label.split(" ").at(-1) ?? "";
  return key.includes("-") && message.includes(key) ? capital(message) : `${label}: ${message}`;
}

const NAMES: Readonly<Record<string, string>> = {
  rating: "Rating", about: "About", certainty: "Certainty", memo: "Memo", label: "Label", code: "Code", target: "On",
  name: "Name", definition: "Definition", include: "Given for", exclude: "Not given for", examples: "Examples", shortcut: "Key", scale: "Rated on",
  parent: "Below", unit: "Coded by", window_ms: "Window in ms", min_ms: "Silence from, in ms", title: "Title", version: "Version",
  citation: "Citation", rights: "Rights", notes: "Notes", colour: "Colour", exclusive: "One code only", exhaustive: "All is coded",
  speaker: "Said by", level: "Level", anchors: "Anchors", no_evidence: "No evidence", min: "From", max: "To", step: "Step",
  retired: "Retired", temporal_frame: "Tells of", stopped_by: "Stopped by", may_be_quoted: "May be quoted", may_be_shown: "May be shown",
};
/** What somebody wrote or meant, and would not want to look for again where it was refused for another reason. */
const WRITTEN = ["text", "memo", "code"];
const SPANS = [["start_ms", "end_ms", "Time"], ["session_start_ms", "session_end_ms", "About the session at"]] as const;

function sidesOf(late: Late, theirs: Values): Omit<Told, "said"> {
  if (late.method === "DELETE") return { mine: ["Taken away"], theirs: lines(theirs, Object.keys(theirs), true) };
  const fields = Object.keys(late.body ?? {}).filter((name) => name !== "base");
  return { mine: lines(late.body ?? {}, fields), theirs: lines(theirs, fields) };
}

/** The fields that people know, each on a line; a text alone stands for itself. `filled`: only those that say something. */
function lines(values: Values, fields: readonly string[], filled = false): string[] {
  const named = fields.filter((field) => field in NAMES && field in values && !(filled && (values[field] ?? "") === ""));
  const spans = SPANS.filter(([start, end]) => fields.includes(start) && isTime(values[start]) && isTime(values[end]));
  return [
    ...(fields.includes("text") && values["text"] !== undefined ? [String(values["text"] ?? "")] : []),
    ...named.map((field) => `${NAMES[field]}: ${word(values[field])}`),
    ...spans.map(([start, end, name]) => `${name}: ${stretch(values, start, end)}`),
  ];
}

/** Of a time map the stretch that was meant, by its number; one that is there no more leaves nothing to decide. */
function mapSides(wanted: Values, pieces: readonly Values[]): Omit<Told, "said"> {
  const number = Number(wanted["number"]);
  if (wanted["do"] === "add") return { mine: [`A further stretch: ${placed(wanted)}`], theirs: pieces.map((one, i) => `${i + 1}: ${placed(one)}`) };
  const now = pieces[number - 1];
  return { mine: [`Stretch ${number} ${meant(wanted)}`], theirs: now ? [`Stretch ${number}: ${placed(now)}${now["pinned"] ? ", pinned" : ""}`] : [] };
}

function meant(wanted: Values): string {
  const { do: what, at_ms: at } = wanted;
  if (what === "split") return `split at ${time(at)} of the interview`;
  if (what === "move" || what === "set") return `at ${placed(wanted)}`;
  return what === "pin" ? "pinned" : what === "unpin" ? "not pinned" : "rejected";
}

const placed = (one: Values): string =>
  `interview ${stretch(one, "interview_start_ms", "interview_end_ms")} shows session ${stretch(one, "session_start_ms", "session_end_ms")}`;

const isTime = (value: unknown): value is number => typeof value === "number";
const time = (value: unknown): string => (isTime(value) ? clock(value) : "?");
const stretch = (one: Values, start: string, end: string): string => `${time(one[start])}–${time(one[end])}`;
function word(value: unknown): string {
  if ((value ?? "") === "") return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.map(word).join(", ") : typeof value === "object" ? Object.values(value as object).map(word).join(" ") : String(value);
}
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
