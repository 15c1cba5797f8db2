/** The queue of long work, as the server tells it. */

import { call, get } from "../api/client";
import type { Job } from "../api/shapes";

class Jobs {
  all: Job[] = $state.raw([]);
  running: Job | null = $derived(this.all.find((one) => one.state === "running" || one.state === "stopping") ?? null);
  waiting: number = $derived(this.all.filter((one) => one.state === "queued").length);

  /** How many are still to be done. */
  busy: number = $derived(this.waiting + (this.running ? 1 : 0));

  async load(): Promise<void> {
    this.all = await get<Job[]>("/api/jobs");
  }

  async ask(step: string, key: string, options: Record<string, unknown> = {}): Promise<void> {
    await call("POST", "/api/jobs", { step, key, options });
    await this.load();
  }

  async cancel(job: Job): Promise<void> {
    await call("DELETE", `/api/jobs/${job.id}`);
    await this.load();
  }
}

export const jobs = new Jobs();

/** "43 %, about 2 min left". */
export function howFar(job: Job): string {
  const far = job.progress;
  if (job.state !== "running") return job.state;
  if (!far || !far.of) return "running";
  const left = far.seconds_left === null ? "" : far.seconds_left < 90 ? `, about ${Math.ceil(far.seconds_left)} s left` : `, about ${Math.round(far.seconds_left / 60)} min left`;
  return `${far.name}: ${Math.round((100 * far.part) / far.of)} %${left}`;
}
