/** One thing that a form asks for: once at a time, and what was refused is told where it was asked. */

import { inWords } from "../api/client";

export class Asking {
  busy = $state(false);
  problem = $state("");

  /** Whether it was done. */
  async ask(job: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = "";
    try {
      await job();
      return true;
    } catch (why) {
      this.problem = inWords(why);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
