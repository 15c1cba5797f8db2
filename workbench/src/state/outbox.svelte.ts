/** Edits on their way to the server, in order. While it is away they wait, also over a reload; none is lost or doubled. */

import { call, Refused, Unreachable, type Method } from "../api/client";
import { alone, drop, keep, kept, note, noted, orderedId } from "./store";

/** What the screen shows of an edit before the server has taken it. */
export type Paint =
  | { readonly kind: "text"; readonly place: string; readonly segment: string; readonly text: string }
  | { readonly kind: "coding"; readonly session: string; readonly coding: Record<string, unknown> }
  | { readonly kind: "without"; readonly session: string; readonly key: string };

export interface Edit {
  readonly id: string;
  readonly method: Exclude<Method, "GET">;
  readonly path: string;
  readonly body?: Record<string, unknown>;
  /** What it is, for people: "text of D01-S03-T004". */
  readonly label: string;
  readonly paint?: Paint;
  /** What follows on the same thing must have seen its outcome, which is more than this thing in a later version. */
  readonly renumbers?: true;
}

export interface Clash {
  readonly edit: Edit;
  readonly message: string;
  /** The present state of the thing; null where the server refused for another reason. */
  readonly theirs: Record<string, unknown> | null;
}

const CLASHES = "conflicts";

class Outbox {
  queue: Edit[] = $state.raw([]);
  /** Of the queue those that outlive this page, by id. */
  safe: string[] = $state.raw([]);
  /** Whether it is known what an earlier page left. */
  awake = $state(false);
  clashes: Clash[] = $state.raw([]);
  away = $state(false);
  /** The server does not know this page any more: it was started anew, or somebody signed out. */
  locked = $state(false);
  savedAt: number | null = $state(null);
  /** The journal's number of what this page changed last. */
  newest = 0;

  #waiting = new Map<string, { resolve: (answer: unknown) => void; reject: (why: unknown) => void }>();
  #own = new Set<number>();
  /** What one's own edits made of a thing, by its path and the version before: those that wait behind go on from there. */
  #made = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes up what an earlier page left. */
  async wake(): Promise<void> {
    this.clashes = noted<Clash[]>(CLASHES) ?? [];
    const left = await kept<Edit>("edits").catch(() => []);
    this.queue = [...left, ...this.queue.filter((edit) => !left.some((one) => one.id === edit.id))];
    this.safe = [...new Set([...this.safe, ...left.map((edit) => edit.id)])];
    this.awake = true;
    window.addEventListener("online", () => void this.drain());
    if (this.queue.length) await this.drain();
  }

  /** Puts an edit in order behind the others. The promise ends when the server took it, or refused it. */
  send<T>(edit: Omit<Edit, "id">): Promise<T> {
    const whole: Edit = { ...edit, id: orderedId() };
    this.queue = [...this.queue, whole];
    const done = new Promise<T>((resolve, reject) => {
      this.#waiting.set(whole.id, { resolve: resolve as (answer: unknown) => void, reject });
    });
    void keep("edits", whole).then(() => {
      this.safe = [...this.safe, whole.id];
      return this.drain();
    });
    return done;
  }

  async drain(): Promise<void> {
    clearTimeout(this.#timer);
    await alone("iprkit-outbox", async () => {
      for (const edit of await kept<Edit>("edits")) {
        if (!(await this.#deliver(edit))) break;
      }
      await this.#forgetDelivered();
    });
  }

  /** What another tab of this browser has delivered meanwhile; whoever waits for it here loads the thing anew. */
  async #forgetDelivered(): Promise<void> {
    const left = new Set((await kept<Edit>("edits")).map((edit) => edit.id));
    const gone = this.queue.filter((edit) => this.safe.includes(edit.id) && !left.has(edit.id));
    if (!gone.length) return;
    this.queue = this.queue.filter((edit) => !gone.includes(edit));
    this.safe = this.safe.filter((id) => left.has(id));
    this.away = this.locked = false;
    this.savedAt = Date.now();
    for (const edit of gone) this.#waiting.get(edit.id)?.reject(new Error("Another tab has saved this."));
  }

  /** Whether the next edit may follow. */
  async #deliver(edit: Edit): Promise<boolean> {
    try {
      const { path, body } = this.#onOwn(edit);
      const answer = await call<unknown>(edit.method, path, body, edit.id);
      const after = versionIn(answer);
      if (after && !edit.renumbers) this.#made.set(placed(path, baseOf(path, body)), after);
      await this.#settle(edit);
      this.savedAt = Date.now();
      this.#remember(answer);
      this.#waiting.get(edit.id)?.resolve(answer);
      return true;
    } catch (problem) {
      if (waits(problem)) {
        this.away = true;
        this.locked = problem instanceof Refused && problem.status === 401;
        this.#timer = setTimeout(() => void this.drain(), 2000);
        return false;
      }
      await this.#settle(edit);
      // An answer that was lost on the way: the edit is stored, and whoever waits for it loads the thing anew.
      if (problem instanceof Refused && problem.refusal.error !== "done_already") this.#clash(edit, problem);
      this.#waiting.get(edit.id)?.reject(problem);
      return true;
    }
  }

  /** An edit that was made while others of the same thing were on their way has seen these on the screen: it goes on from them. */
  #onOwn({ path, body }: Edit): Pick<Edit, "path" | "body"> {
    const before = baseOf(path, body);
    let base = before;
    for (let n = 0; n < this.#made.size; n++) base = this.#made.get(placed(path, base)) ?? base;
    if (!before || base === before) return { path, ...(body && { body }) };
    return onBase({ path, ...(body && { body }) }, base);
  }

  /** Whether a journal entry is one of this page, of which it knows the outcome already. */
  isOwn(seq: number): boolean {
    return this.#own.has(seq);
  }

  #remember(answer: unknown): void {
    if (!answer || typeof answer !== "object" || !("seq" in answer)) return;
    this.#own.add(Number(answer.seq));
    this.newest = Math.max(this.newest, Number(answer.seq));
  }

  async #settle(edit: Edit): Promise<void> {
    this.away = false;
    this.locked = false;
    await drop("edits", edit.id);
    this.queue = this.queue.filter((one) => one.id !== edit.id);
    this.safe = this.safe.filter((id) => id !== edit.id);
    const place = placed(edit.path, "");
    if (this.queue.some((one) => placed(one.path, "") === place)) return;
    for (const made of [...this.#made.keys()].filter((one) => one.startsWith(place))) this.#made.delete(made);
  }

  #clash(edit: Edit, problem: Refused): void {
    const theirs = (problem.refusal.theirs ?? null) as Record<string, unknown> | null;
    if (edit.paint?.kind === "text" && theirs?.["text"] === edit.paint.text) return;
    this.#show([...this.clashes, { edit, message: problem.message, theirs }]);
  }

  /** Until a person has decided, a conflict is kept over a reload too. */
  #show(clashes: Clash[]): void {
    this.clashes = clashes;
    note(CLASHES, clashes.length ? clashes : null);
  }

  /** Mine after all: sent again on the ground of what was shown. */
  insist(clash: Clash): void {
    this.dismiss(clash);
    const { id: _, ...edit } = clash.edit;
    this.send({ ...edit, ...onBase(edit, clash.theirs?.["base"]) }).catch(() => undefined);
  }

  dismiss(clash: Clash): void {
    this.#show(this.clashes.filter((one) => one !== clash));
  }
}

/** Whether an edit is better sent again later: nobody is there, or somebody who does not know us yet. */
function waits(problem: unknown): boolean {
  return problem instanceof Unreachable || (problem instanceof Refused && (problem.status === 401 || problem.status >= 502));
}

const placed = (path: string, version: string): string => `${path.replace(/\?.*/, "")} ${version}`;

/** The version on which an edit was made; empty where it names none. */
function baseOf(path: string, body: Edit["body"]): string {
  return String(body?.["base"] ?? new URLSearchParams(path.split("?")[1]).get("base") ?? "");
}

/** The version of the one thing that an answer tells, where it tells one. */
function versionIn(answer: unknown): string | null {
  if (!answer || typeof answer !== "object") return null;
  if ("version" in answer) return typeof answer.version === "string" ? answer.version : null;
  const told = Object.values(answer).flat();
  const versions = told.flatMap((one: unknown) => (one && typeof one === "object" && "version" in one ? [String(one.version)] : []));
  return versions.length === 1 ? (versions[0] ?? null) : null;
}

/** The same change on the ground of another state; one that has no body bears it in its address. */
function onBase(edit: Pick<Edit, "path" | "body">, base: unknown): Pick<Edit, "path" | "body"> {
  const now = typeof base === "string" ? base : null;
  if (edit.body) return { path: edit.path, body: { ...edit.body, base: now } };
  return { path: now === null ? edit.path : edit.path.replace(/([?&]base=)[^&]*/, `$1${encodeURIComponent(now)}`) };
}

export const outbox = new Outbox();
