/** Recordings on their way into the study: one file after the other, whatever is looked at meanwhile. */

import { Refused, upload } from "../api/client";
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

class Uploads {
  /** What is sent, waits to be sent or was refused, in order. */
  all: Going[] = $state([]);
  now: Going | null = $derived(this.all.find((one) => !one.problem) ?? null);

  #before: Promise<void> = Promise.resolve();

  /** The parts of one conversation, in order. Where one is refused those after it are not sent. */
  take(key: string, files: readonly File[], transcribe: boolean): Promise<void> {
    this.all = this.all.filter((one) => !one.problem || one.key !== key);
    const first = this.all.length;
    this.all.push(...files.map((file) => ({ key, name: file.name, share: 0, problem: "" })));
    const rows = this.all.slice(first);
    this.#before = this.#before.then(() => this.#sendAll(key, files, rows, transcribe));
    return this.#before;
  }

  /** What was refused was read. */
  dismiss(one: Going): void {
    this.all = this.all.filter((each) => each !== one);
  }

  async #sendAll(key: string, files: readonly File[], rows: Going[], transcribe: boolean): Promise<void> {
    let whole = true;
    for (const [i, file] of files.entries()) {
      if (whole) whole = await this.#send(rows[i] as Going, file);
      else this.#tell(rows[i] as Going, { problem: "Not sent, since the part before it was refused." });
    }
    await desk.loadStudy().catch(() => undefined);
    if (desk.key === key) await desk.open(key).catch(() => undefined);
    if (whole && transcribe) await jobs.begin(key);
  }

  async #send(row: Going, file: File): Promise<boolean> {
    const path = `/api/recordings?key=${encodeURIComponent(row.key)}&name=${encodeURIComponent(file.name)}`;
    try {
      await upload(path, file, (share) => this.#tell(row, { share }));
      this.all = this.all.filter((one) => one !== row);
      screen.say(`${file.name} is in the study`, true);
      return true;
    } catch (problem) {
      this.#tell(row, { problem: problem instanceof Refused ? problem.message : "The server does not answer." });
      return false;
    }
  }

  #tell(row: Going, news: Partial<Going>): void {
    Object.assign(row, news);
  }
}

export const uploads = new Uploads();

/** The order in which a camera or recorder numbers its files: part 2 before part 10. */
export function inOrder(files: Iterable<File>): File[] {
  return [...files].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
