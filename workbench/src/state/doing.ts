/** What people do to the study, each as one edit on its way to the server. */

import type { Code, Coding, Entry, MapEdit, Moment, Recall, Segment, Voicing } from "../api/shapes";
import { clock } from "../arithmetic/clock";
import { targetOf, type Selection } from "../arithmetic/selection";
import { snapped } from "../arithmetic/units";
import { desk } from "./desk.svelte";
import { outbox } from "./outbox.svelte";
import { allowed } from "./rights";
import { screen } from "./screen.svelte";

export async function undo(): Promise<void> {
  if (allowed("undo")) await back("/api/undo", "Undone");
}

export async function redo(): Promise<void> {
  if (allowed("undo")) await back("/api/redo", "Done again");
}

async function back(path: string, said: string): Promise<void> {
  try {
    const answer = await outbox.send<{ event: Entry }>({ method: "POST", path, label: said, body: {} });
    screen.say(`${said}: ${answer.event.what.replace(/^(undid|redid): /, "")}`, true);
  } catch {
    /* shown among the conflicts */
  }
}

/** Puts a code on what is selected, at once on the screen; the next digit rates it. */
export function applyCode(code: Code, codebook: string, selection: Selection | null = screen.selection): void {
  const session = desk.session?.key;
  if (!session || !selection) return screen.say("Select words, a segment or a span first.", true);
  if (!allowed("code")) return;
  if (!desk.me?.codes) return void (screen.joining = () => applyCode(code, codebook, selection));
  if (screen.mode === "Code" && !desk.round && desk.assignments.some((one) => one.mine && !one.mine.submitted))
    return screen.say("Your assignment is still being read; press the key again.", true);
  selection = snapped(selection, code.applied.unit, code.applied.window_ms, desk.place);
  const grown = screen.selection?.startMs !== selection.startMs || screen.selection.endMs !== selection.endMs;
  if (grown) screen.select(selection);
  const target = targetOf(desk.key, selection);
  const round = desk.round?.codebook === codebook ? desk.round.name : null;
  const mine = desk.codings.find(
    (one) => one.target === target && one.code === code.key && one.coder === desk.me?.coder && (!round || one.round === round),
  );
  if (mine) return screen.pick(mine.key);
  const coding = { ...newCoding(code, codebook, target, selection), round };
  const rated = !!code.applied.scale && code.applied.scale !== "presence";
  if (rated) desk.draft = coding;
  else void sendCoding(session, coding, code);
  screen.picked = coding.key;
  screen.rating = rated ? coding.key : "";
  const where = grown ? `${code.name} is given ${unitSaid(code)}: here ${clock(selection.startMs, 0)}–${clock(selection.endMs, 0)}` : `${code.name} on ${target}`;
  screen.say(`${where}${screen.rating ? "; type a digit to rate it" : ""}`, grown);
}

/** To what a code is given, where that is not just what was selected. */
function unitSaid(code: Code): string {
  const { unit, window_ms } = code.applied;
  if (unit === "window") return `to whole stretches of ${(window_ms ?? 0) / 1000} s`;
  return unit === "session" ? "to the whole session" : `to a whole ${unit}`;
}

async function sendCoding(session: string, coding: Coding, code: Code): Promise<void> {
  const { target, codebook, round, rating, about, certainty, memo } = coding;
  try {
    const answer = await outbox.send<{ coding: Coding }>({
      method: "POST", path: "/api/codings", label: `${code.name} on ${target}`,
      body: { target, codebook, code: code.key, rating, about, certainty, memo, round },
      paint: { kind: "coding", session, coding: { ...coding } },
    });
    put(answer.coding);
    renamed.set(coding.key, answer.coding.key);
    if (screen.picked === coding.key) screen.picked = answer.coding.key;
    if (screen.rating === coding.key) screen.rating = answer.coding.key;
  } catch {
    if (screen.picked === coding.key) screen.picked = "";
  }
}

/** Codings that got their key from the server while something was done to them under the first one. */
const renamed = new Map<string, string>();

function newCoding(code: Code, codebook: string, target: string, selection: Selection): Coding {
  return {
    key: `new-${crypto.randomUUID()}`, codebook, code: code.key, coded_as: null, coder: desk.me?.coder ?? "", target,
    kind: selection.kind === "unit" ? (code.applied.unit ?? "unit") : selection.kind,
    start_ms: selection.startMs, end_ms: selection.endMs, rating: null, about: null, certainty: null, memo: "",
    round: null, quote: "", moved: null, version: "",
  };
}

/** A coding in the list as the server has it now. */
function put(coding: Coding): void {
  const others = desk.given.filter((one) => one.key !== coding.key);
  desk.given = [...others, coding].sort((a, b) => a.start_ms - b.start_ms);
}

export type CodingChange = Partial<Pick<Coding, "rating" | "about" | "certainty" | "memo">>;

/** Changes one's coding. One that the server does not know yet is changed as soon as it has its key. */
export async function changeCoding(coding: Coding, change: CodingChange): Promise<void> {
  const session = desk.session?.key ?? "";
  if (coding.key === desk.draft?.key) return completed(session, { ...coding, ...change });
  await settledKey(coding.key);
  const key = renamed.get(coding.key) ?? coding.key;
  const now = desk.given.find((one) => one.key === key) ?? coding;
  try {
    const answer = await outbox.send<{ coding: Coding }>({
      method: "PATCH", path: `/api/codings/${key}`, label: `coding ${key}`,
      body: { ...change, base: now.version },
      paint: { kind: "coding", session, coding: { ...(desk.codings.find((one) => one.key === key) ?? now), ...change } },
    });
    put(answer.coding);
  } catch {
    await desk.loadCodings();
  }
}

/** A coding that waited for its rating goes on its way as soon as it has one. */
function completed(session: string, coding: Coding): void {
  const code = desk.codes.get(`${coding.codebook}:${coding.code}`);
  if (coding.rating === null || !code) {
    desk.draft = coding;
    return;
  }
  desk.draft = null;
  void sendCoding(session, coding, code);
}

/** Waits until a coding that was just given has its key. */
async function settledKey(key: string): Promise<void> {
  while (key.startsWith("new-") && !renamed.has(key)) await new Promise((resolve) => setTimeout(resolve, 20));
}

export async function removeCoding(coding: Coding): Promise<void> {
  if (coding.key === desk.draft?.key) {
    desk.draft = null;
    screen.picked = "";
    return;
  }
  await settledKey(coding.key);
  const key = renamed.get(coding.key) ?? coding.key;
  const base = desk.given.find((one) => one.key === key)?.version ?? coding.version;
  screen.picked = "";
  try {
    await outbox.send({
      method: "DELETE", path: `/api/codings/${key}?base=${encodeURIComponent(base)}`, label: `removing ${coding.code}`,
      paint: { kind: "without", session: desk.session?.key ?? "", key },
    });
    desk.given = desk.given.filter((one) => one.key !== key);
    screen.say(`${coding.code} removed`);
  } catch {
    await desk.loadCodings();
  }
}

/** A corrected text; what changed is listened to again by itself. */
export async function correct(segment: Segment, text: string): Promise<void> {
  const said = text.replace(/\s+/g, " ").trim();
  if (said === segment.text) return;
  if (!allowed("edit")) return;
  const place = desk.key;
  try {
    await outbox.send({
      method: "PATCH", path: `/api/transcripts/${place}/segments/${segment.key}`, label: `text of ${segment.key}`,
      body: { text: said, base: segment.version },
      paint: { kind: "text", place, segment: segment.key, text: said },
    });
  } catch {
    /* shown among the conflicts, with what stands there now */
  }
  if (place === desk.key) await desk.loadSegments([segment.key]);
}

/** One change of who is who. */
export async function voice(change: Voicing, label: string): Promise<void> {
  const key = desk.key;
  const body = { ...change, base: desk.transcript?.version ?? null };
  try {
    const answer = await outbox.send<{ what: string; version: string | null }>({ method: "POST", path: `/api/speakers/${key}`, label, body });
    // The next change goes on from here, also while the transcript is still being read.
    if (answer.version && key === desk.key && desk.transcript) desk.transcript = { ...desk.transcript, version: answer.version };
    await desk.loadTranscript();
    screen.say(answer.what || label, true);
  } catch {
    await desk.loadTranscript();
  }
}

/** One change of a recall interview's time map; its comments follow. Gives the interview as it is then, null where it was refused. */
export async function editMap(recall: Recall, change: MapEdit, label: string): Promise<Recall | null> {
  if (!allowed("edit")) return null;
  try {
    const answer = await outbox.send<{ recall: Recall }>({
      method: "POST", path: `/api/recalls/${recall.key}/map`, label, body: { ...change, base: recall.version },
      ...(STAYS.has(change.do) ? {} : { renumbers: true }),
    });
    desk.recalls = desk.recalls.map((one) => (one.key === recall.key ? answer.recall : one));
    screen.say(label, true);
    return answer.recall;
  } catch {
    await desk.loadRecalls().catch(() => undefined);
    return null;
  }
}

/** Changes of a map after which every stretch has the number that it had. */
const STAYS: ReadonlySet<string> = new Set(["move", "pin", "unpin"]);

export async function addMoment(startMs: number, endMs: number, label: string): Promise<void> {
  try {
    const answer = await outbox.send<{ moments: Moment[] }>({
      method: "POST", path: `/api/moments/${desk.session?.key ?? ""}`, label: "a new moment",
      body: { start_ms: startMs, end_ms: endMs, ...(label ? { label } : {}) },
    });
    await desk.loadMoments();
    screen.pick(answer.moments[0]?.key ?? "");
  } catch {
    await desk.loadMoments();
  }
}

export async function changeMoment(moment: Moment, change: { label?: string; memo?: string }): Promise<void> {
  const answer = await outbox.send<{ moments: Moment[] }>({
    method: "PATCH", path: `/api/moments/${moment.key}`, label: `moment ${moment.key}`, body: { ...change, base: moment.version },
  }).catch(() => null);
  desk.moments = desk.moments.map((one) => answer?.moments.find((each) => each.key === one.key) ?? one);
  await desk.loadMoments();
}

/** The other becomes a part of the first, whose key and label stay. */
export async function mergeMoments(first: Moment, other: Moment): Promise<void> {
  if (!allowed("edit")) return;
  try {
    await outbox.send({
      method: "POST", path: `/api/moments/${desk.session?.key ?? ""}/merge`, label: `merging ${other.key} into ${first.key}`,
      body: { keys: [first.key, other.key] },
    });
    screen.say(`${other.label ?? other.key} is a part of ${first.label ?? first.key} now`, true);
  } catch {
    /* shown among the conflicts */
  }
  await desk.loadMoments();
}

export async function removeMoment(moment: Moment): Promise<void> {
  if (!allowed("edit")) return;
  screen.picked = "";
  try {
    await outbox.send({
      method: "DELETE", path: `/api/moments/${moment.key}?base=${encodeURIComponent(moment.version)}`, label: `deleting moment ${moment.key}`,
    });
    screen.say(`${moment.label ?? moment.key} is deleted; its comments stay`, true);
  } catch {
    /* shown among the conflicts */
  }
  await desk.loadMoments();
}
