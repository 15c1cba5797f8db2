/** The queue of long work, as the server tells it. */

import { call, get, inWords } from "../api/client";
import type { Job } from "../api/shapes";
import { moving, written, type Now } from "../arithmetic/progress";
import { desk } from "./desk.svelte";
import { screen } from "./screen.svelte";

const OPEN = ["queued", "running", "stopping"];

class Jobs {
  all: Job[] = $state.raw([]);
  /** When the server was asked last. */
  toldAt = $state(0);
  running: Job | null = $derived(this.all.find((one) => one.state === "running" || one.state === "stopping") ?? null);
  waiting: number = $derived(this.all.filter((one) => one.state === "queued").length);

  /** How many are still to be done. */
  busy: number = $derived(this.waiting + (this.running ? 1 : 0));

  async load(): Promise<void> {
    this.all = await get<Job[]>("/api/jobs");
    this.toldAt = Date.now();
  }

  /** What is to be seen of the queue: what waits or runs, and what failed and was not asked for again since. */
  shown: Job[] = $derived(
    this.all.filter((one) => OPEN.includes(one.state) || (one.state === "failed" && this.#newest(one))),
  );

  /** Whether this work waits or runs. */
  open(step: string, key: string): boolean {
    return this.all.some((one) => one.step === step && one.key === key && OPEN.includes(one.state));
  }

  async ask(step: string, key: string, options: Record<string, unknown> = {}): Promise<void> {
    await this.#done(call("POST", "/api/jobs", { step, key, options }));
  }

  /** What a new recording needs: its words, and for a recall interview its place in the session. */
  async begin(key: string): Promise<void> {
    await this.ask("transcribe", key);
    if (desk.interview(key)) await this.ask("link", key);
  }

  async cancel(job: Job): Promise<void> {
    await this.#done(call("DELETE", `/api/jobs/${job.id}`));
  }

  async #done(asked: Promise<unknown>): Promise<void> {
    try {
      await asked;
      await this.load();
    } catch (problem) {
      screen.say(inWords(problem), true);
    }
  }

  #newest(job: Job): boolean {
    return !this.all.some((one) => one.step === job.step && one.key === job.key && one.id > job.id);
  }
}

export const jobs = new Jobs();

/** How far a running job is by now; what was told of it some seconds ago goes on at its pace. */
export function nowOf(job: Job, nowMs: number): Now | null {
  return job.state === "running" && job.progress?.of ? moving(job.progress, (nowMs - jobs.toldAt) / 1000) : null;
}

/** "transcribing: 43 %, about 2 min left". */
export function howFar(job: Job, nowMs: number): string {
  if (job.state !== "running") return job.state;
  const now = nowOf(job, nowMs);
  return now ? `${job.progress?.name}: ${written(now)}` : "running";
}
