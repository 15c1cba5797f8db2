/** What a person looks at: the mode, what is selected, what is open; and what is said to those who listen. */

import type { Coding, Moment } from "../api/shapes";
import type { Selection } from "../arithmetic/selection";
import { desk } from "./desk.svelte";
import { player } from "./player.svelte";

export const MODES = ["Transcribe", "Link recall", "Code", "Compare", "Adjudicate", "Report"] as const;
export type Mode = (typeof MODES)[number];

class Screen {
  mode: Mode = $state("Code");
  selection: Selection | null = $state.raw(null);
  /** The coding or moment that the inspector shows, by key. */
  picked = $state("");
  /** The word from which a selection grows. */
  anchor = $state("");
  /** The segment whose text is being corrected. */
  editing = $state("");
  /** The recall interview beside the session, by key. */
  beside = $state("");
  /** The interview that is being held now, by key. */
  room = $state("");
  /** The coding that the next digit rates, by key. */
  rating = $state("");
  /** The session's video stands in a window of its own. */
  detached = $state(false);
  help = $state(false);
  history = $state(false);
  finder = $state(false);
  /** What goes on once one's name is among the coders; null where nothing waits for that. */
  joining: (() => void) | null = $state.raw(null);
  /** Where a span was begun while playing. */
  markedAt: number | null = $state(null);
  said = $state("");
  toast = $state("");

  coding: Coding | null = $derived(desk.codings.find((one) => one.key === this.picked) ?? null);
  moment: Moment | null = $derived(desk.moments.find((one) => one.key === this.picked) ?? null);

  #fading: ReturnType<typeof setTimeout> | undefined;

  select(selection: Selection | null): void {
    this.selection = selection;
    this.rating = "";
    if (selection) this.picked = "";
  }

  pick(key: string): void {
    this.picked = key;
    this.rating = this.coding ? key : "";
  }

  /** Said to screen readers, and shown for a moment. */
  say(text: string, shown = false): void {
    this.said = "";
    queueMicrotask(() => (this.said = text));
    if (!shown) return;
    this.toast = text;
    clearTimeout(this.#fading);
    this.#fading = setTimeout(() => (this.toast = ""), 4000);
  }

  goTo(ms: number): void {
    player.seek(ms);
  }
}

export const screen = new Screen();

const PARTS = /^#\/([^/]*)(?:\/([^/]*))?/;

/** The address names session and mode, so that a reload or a sent address opens the same. */
export function fromAddress(): { key: string; mode: Mode | null } {
  const [, key = "", mode = ""] = PARTS.exec(location.hash) ?? [];
  return { key: decodeURIComponent(key), mode: MODES.find((one) => slug(one) === mode) ?? null };
}

export function toAddress(key: string, mode: Mode): void {
  history.replaceState(null, "", `#/${encodeURIComponent(key)}/${slug(mode)}`);
}

const slug = (mode: Mode): string => mode.toLowerCase().replace(" ", "-");
