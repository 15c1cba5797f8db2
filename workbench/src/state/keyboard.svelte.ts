/** The keyboard: every stroke on the page comes here and becomes what it means. */

import { get } from "../api/client";
import type { Action, Keymap } from "../api/shapes";
import { actionOf, printed, written } from "../arithmetic/keys";
import { commands, typedCode } from "./commands";
import { adopt } from "./settings.svelte";

class Keyboard {
  keys: Keymap["keys"] = $state.raw([]);
  /** What is wrong with the study's own file of keys. */
  problem = $state("");

  #pointed: EventTarget | null = null;

  /** Where the pointer went down last; null once a key was used. */
  pointed(target: EventTarget | null): void {
    this.#pointed = target;
  }

  /** A list from which one chose by pointer gives the keys back to the page, which else would choose in it anew. */
  chose(target: EventTarget | null): void {
    if (target instanceof HTMLSelectElement && target === this.#pointed && !target.closest("dialog, form")) target.blur();
  }

  async load(): Promise<void> {
    const told = await get<Keymap>("/api/keymap");
    this.keys = told.keys;
    this.problem = told.problem ?? "";
    adopt(told.settings);
  }

  /** The first key of an action, to be shown beside a button; empty where it has none. */
  key(action: Action): string {
    return printed(this.keys.find((one) => one.action === action)?.keys[0] ?? "");
  }

  /** What a button does and by which key: "Undo (Ctrl+Z)". */
  hint(said: string, action: Action): string {
    const key = this.key(action);
    return key ? `${said} (${key})` : said;
  }

  pressed(event: KeyboardEvent): void {
    this.#pointed = null;
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog:is([open], :popover-open)")) return;
    const inText = isText(event.target);
    if (!inText && typedCode(written(event))) return event.preventDefault();
    if (!inText && isControl(event.target, event.key)) return;
    const action = actionOf(this.keys, event, inText);
    if (action && commands[action]()) event.preventDefault();
  }
}

/** Where one writes, keys write. */
function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "range", "button", "file"].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Keys by which the focused control itself is worked, so that it stays usable by keyboard. */
function isControl(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("button, a, summary, input")) return [" ", "Enter"].includes(key);
  if (target.closest("[role=separator]")) return key.startsWith("Arrow");
  return false;
}

export const keyboard = new Keyboard();
