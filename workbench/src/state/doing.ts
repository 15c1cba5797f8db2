/** What people do to the study, each as one edit on its way to the server. */

import { call } from "../api/client";
import type { Code, Coding, Segment } from "../api/shapes";
import { targetOf, type Selection } from "../arithmetic/selection";
import { desk } from "./desk.svelte";
import { outbox } from "./outbox.svelte";
import { screen } from "./screen.svelte";

export async function undo(): Promise<void> {
  await back("/api/undo", "Undone");
}

export async function redo(): Promise<void> {
  await back("/api/redo", "Done again");
}

async function back(path: string, said: string): Promise<void> {
  try {
    const answer = await outbox.send<{ what?: string }>({ method: "POST", path, label: said });
    screen.say(answer.what ? `${said}: ${answer.what}` : said, true);
  } catch {
    /* shown among the conflicts */
  }
}

/** Puts a code on what is selected, at once on the screen; the next digit rates it. */
export function applyCode(code: Code, codebook: string, selection: Selection | null = screen.selection): void {
  const session = desk.session?.key;
  if (!session || !selection) return screen.say("Select words, a segment or a span first.", true);
  const target = targetOf(desk.key, selection);
  const mine = desk.codings.find((one) => one.target === target && one.code === code.key && one.coder === desk.me?.coder);
  if (mine) return screen.pick(mine.key);
  const coding = newCoding(code, codebook, target, selection);
  void sendCoding(session, coding, code);
  screen.picked = coding.key;
  screen.rating = code.applied.scale && code.applied.scale !== "presence" ? coding.key : "";
  screen.say(`${code.name} on ${target}${screen.rating ? "; type a digit to rate it" : ""}`);
}

async function sendCoding(session: string, coding: Coding, code: Code): Promise<void> {
  const { target, codebook, round } = coding;
  try {
    const answer = await outbox.send<{ coding: Coding }>({
      method: "POST", path: "/api/codings", label: `${code.name} on ${target}`,
      body: { target, codebook, code: code.key, ...(round ? { round } : {}) },
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
    key: `new-${crypto.randomUUID()}`, codebook, code: code.key, coder: desk.me?.coder ?? "", target, kind: selection.kind,
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
  await settledKey(coding.key);
  const key = renamed.get(coding.key) ?? coding.key;
  const now = desk.given.find((one) => one.key === key) ?? coding;
  try {
    const answer = await outbox.send<{ coding: Coding }>({
      method: "PATCH", path: `/api/codings/${key}`, label: `coding ${key}`,
      body: { ...change, base: now.version },
      paint: { kind: "coding", session, coding: { ...now, ...change } },
    });
    put(answer.coding);
  } catch {
    await desk.loadCodings();
  }
}

/** Waits until a coding that was just given has its key. */
async function settledKey(key: string): Promise<void> {
  while (key.startsWith("new-") && !renamed.has(key)) await new Promise((resolve) => setTimeout(resolve, 20));
}

export async function removeCoding(coding: Coding): Promise<void> {
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
  const place = desk.key;
  try {
    await outbox.send({
      method: "PATCH", path: `/api/transcripts/${place}/segments/${segment.key}`, label: `text of ${segment.key}`,
      body: { text: said, base: segment.version },
      paint: { kind: "text", place, segment: segment.key, text: said },
    });
    await desk.loadTranscript();
  } catch {
    await desk.loadTranscript();
  }
}

export async function speakers(body: Record<string, unknown>, label: string): Promise<void> {
  try {
    await outbox.send({ method: "POST", path: `/api/speakers/${desk.key}`, label, body });
    await desk.loadTranscript();
    screen.say(label, true);
  } catch {
    await desk.loadTranscript();
  }
}

/** A long step, put in the queue. */
export async function queue(step: string, key: string, options: Record<string, unknown> = {}): Promise<void> {
  await call("POST", "/api/jobs", { step, key, options });
}
