/** Recordings on their way into the study: one file after the other, whatever is looked at meanwhile. */

import { Refused, upload } from "../api/client";
import type { Uploaded } from "../api/shapes";
import { offset } from "../arithmetic/clock";
import { desk } from "./desk.svelte";
import { jobs } from "./jobs.svelte";
import { screen } from "./screen.svelte";

export interface Going {
  readonly key: string;
  readonly name: string;
  /** How much of it was sent, 0 to 1; at 1 the server looks at it. */
  readonly share: number;
  readonly problem: string;
}

/** Where recordings belong, and whether what they need follows by itself: their words, or the words' places in them. */
export interface Place {
  /** Another camera or microphone, which ran at the same time from `offsetMs` on; null: its sound tells. */
  readonly beside: boolean;
  readonly offsetMs: number | null;
  readonly goOn: boolean;
}

/** "camera 2" for the view camera2. */
export const named = (view: string): string => view.replace(/(\d+)$/, " $1");

class Uploads {
  /** What is sent, waits to be sent or was refused, in order. */
  all: Going[] = $state([]);
  now: Going | null = $derived(this.all.find((one) => !one.problem) ?? null);

  #before: Promise<void> = Promise.resolve();

  /** The parts of one conversation, in order. Where one is refused those after it are not sent. */
  take(key: string, files: readonly File[], place: Place): Promise<void> {
    this.all = this.all.filter((one) => !one.problem || one.key !== key);
    const first = this.all.length;
    this.all.push(...files.map((file) => ({ key, name: file.name, share: 0, problem: "" })));
    const rows = this.all.slice(first);
    this.#before = this.#before.then(() => this.#sendAll(key, files, rows, place));
    return this.#before;
  }

  /** What was refused was read. */
  dismiss(one: Going): void {
    this.all = this.all.filter((each) => each !== one);
  }

  async #sendAll(key: string, files: readonly File[], rows: Going[], place: Place): Promise<void> {
    let whole = true;
    const added: Uploaded[] = [];
    for (const [i, file] of files.entries()) {
      const done = whole ? await this.#send(rows[i] as Going, file, place) : null;
      if (done) added.push(done);
      else if (whole) whole = false;
      else this.#tell(rows[i] as Going, { problem: "Not sent, since the part before it was refused." });
    }
    await desk.loadStudy().catch(() => undefined);
    if (desk.key === key) await desk.open(key).catch(() => undefined);
    if (!whole || !place.goOn || place.beside) return;
    if (added.some((one) => one.align)) await jobs.ask("align", key);
    else await jobs.begin(key);
  }

  async #send(row: Going, file: File, place: Place): Promise<Uploaded | null> {
    const path = `/api/recordings?key=${encodeURIComponent(row.key)}&name=${encodeURIComponent(file.name)}${asked(place)}`;
    try {
      const done = (await upload(path, file, (share) => this.#tell(row, { share }))) as Uploaded;
      if (done.note) this.#tell(row, { problem: `It is in the study, but ${done.note}.` });
      else this.all = this.all.filter((one) => one !== row);
      screen.say(`${file.name} is in the study${done.view === "main" ? "" : `; it starts at ${offset(done.offset_ms)}`}`, true);
      return done;
    } catch (problem) {
      this.#tell(row, { problem: problem instanceof Refused ? problem.message : "The server does not answer." });
      return null;
    }
  }

  #tell(row: Going, news: Partial<Going>): void {
    Object.assign(row, news);
  }
}

function asked({ beside, offsetMs }: Place): string {
  if (!beside) return "";
  return offsetMs === null ? "&beside=true" : `&beside=true&offset_ms=${offsetMs}`;
}

export const uploads = new Uploads();

/** The order in which a camera or recorder numbers its files: part 2 before part 10. */
export function inOrder(files: Iterable<File>): File[] {
  return [...files].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
