/** Coders side by side: loaded when looked at, and anew when codings change. */

import { get, inWords } from "../api/client";
import type { Agreement, Compared, Difference } from "../api/shapes";
import { desk } from "./desk.svelte";

class Comparing {
  compared: Compared | null = $state.raw(null);
  agreement: Agreement | null = $state.raw(null);
  /** Why there is nothing to compare, in the server's words. */
  refusal = $state("");
  /** The difference at hand, by its target. */
  target = $state("");

  stretches = $derived(this.compared?.stretches ?? []);
  differences: Difference[] = $derived(this.compared?.differences ?? []);
  at = $derived(this.differences.find((one) => one.target === this.target) ?? null);
  left = $derived(this.differences.filter((one) => !one.settled.length).length);

  async load(): Promise<void> {
    const [session, book] = [desk.session?.key, desk.codebook?.name];
    if (!session || !book) return;
    const asked = `codebook=${encodeURIComponent(book)}`;
    try {
      this.compared = await get<Compared>(`/api/compare/${session}?${asked}`);
      this.refusal = "";
    } catch (problem) {
      this.compared = null;
      this.refusal = inWords(problem);
    }
    try {
      this.agreement = await get<Agreement>(`/api/agreement?${asked}&session=${session}&draws=0`);
    } catch {
      this.agreement = null;
    }
  }
}

export const comparing = new Comparing();
