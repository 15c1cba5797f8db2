/** The keyboard: every stroke on the page comes here and becomes what it means. */

import { get } from "../api/client";
import type { Keymap } from "../api/shapes";
import { keymap } from "../arithmetic/keymap";
import { actionOf, type Binding, written } from "../arithmetic/keys";
import { commands, typedCode } from "./commands";
import { settings } from "./settings.svelte";

class Keyboard {
  bindings: Binding[] = $state.raw(keymap([]));

  async load(): Promise<void> {
    const told = await get<Keymap>("/api/keymap");
    this.bindings = keymap(told.keys);
    settings.seekMs = told.settings["skip_ms"] ?? settings.seekMs;
    settings.rewindMs = told.settings["rewind_on_resume_ms"] ?? settings.rewindMs;
    if (told.settings["reaction_ms"]) settings.reactionMs = told.settings["reaction_ms"];
  }

  /** The first key of an action, to be shown beside a button. */
  key(action: string): string {
    return this.bindings.find((one) => one.action === action)?.keys[0] ?? "";
  }

  pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const inText = isText(event.target);
    if (!inText && typedCode(written(event))) return event.preventDefault();
    if (!inText && isControl(event.target, event.key)) return;
    const action = actionOf(this.bindings, event, inText);
    if (action && commands[action]?.()) event.preventDefault();
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
