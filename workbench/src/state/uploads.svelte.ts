/** Recordings on their way into the study: one file after the other, whatever is looked at meanwhile. */

import { inWords, upload } from "../api/client";
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

/** After the recordings that are there, or beside them; without a start its sound tells where it belongs. */
export interface Placing {
  readonly beside: boolean;
  readonly startMs: number | null;
}

class Uploads {
  /** What is sent, waits to be sent or needs to be looked at, in order. */
  all: Going[] = $state([]);
  now: Going | null = $derived(this.all.find((one) => !one.problem) ?? null);

  #before: Promise<void> = Promise.resolve();

  /** Recordings of one conversation, in order. Where one is refused those after it are not sent. */
  take(key: string, files: readonly File[], where: Placing, goOn: boolean): Promise<void> {
    this.all = this.all.filter((one) => !one.problem || one.key !== key);
    const first = this.all.length;
    this.all.push(...files.map((file) => ({ key, name: file.name, share: 0, problem: "" })));
    const rows = this.all.slice(first);
    this.#before = this.#before.then(() => this.#sendAll(key, files, rows, where, goOn));
    return this.#before;
  }

  /** What was to be known was read. */
  dismiss(one: Going): void {
    this.all = this.all.filter((each) => each !== one);
  }

  async #sendAll(key: string, files: readonly File[], rows: Going[], where: Placing, goOn: boolean): Promise<void> {
    const added: Uploaded[] = [];
    for (const [i, file] of files.entries()) {
      const row = rows[i] as Going;
      if (added.length < i) tell(row, { problem: "Not sent, since the one before it was refused." });
      else added.push(...(await this.#send(row, file, where)));
    }
    await desk.loadStudy().catch(() => undefined);
    if (desk.key === key) await desk.open(key).catch(() => undefined);
    if (goOn && !where.beside && added.length === files.length) await this.#goOn(key, added);
  }

  /** What follows a recording: the words that are there already are found in its sound, or it is transcribed. */
  async #goOn(key: string, added: readonly Uploaded[]): Promise<void> {
    if (added.some((one) => one.align)) await jobs.ask("align", key);
    else await jobs.begin(key);
  }

  async #send(row: Going, file: File, where: Placing): Promise<Uploaded[]> {
    const query = new URLSearchParams({ key: row.key, name: file.name });
    if (where.beside) query.set("beside", "true");
    if (where.beside && where.startMs !== null) query.set("offset_ms", String(where.startMs));
    try {
      const added = (await upload(`/api/recordings?${query}`, file, (share) => tell(row, { share }))) as Uploaded;
      if (added.note) tell(row, { problem: `Added, but ${added.note}.` });
      else this.dismiss(row);
      screen.say(`${file.name} is in the study${added.view === "main" ? "" : `, from ${offset(added.offset_ms)} on`}`, true);
      return [added];
    } catch (problem) {
      tell(row, { problem: inWords(problem) });
      return [];
    }
  }
}

function tell(row: Going, news: Partial<Going>): void {
  Object.assign(row, news);
}

export const uploads = new Uploads();

/** The order in which a camera or recorder numbers its files: part 2 before part 10. */
export function inOrder(files: Iterable<File>): File[] {
  return [...files].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
