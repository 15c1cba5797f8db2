/** What a person may do here. Who may not is told so at once, and nothing is sent. */

import { desk } from "./desk.svelte";
import { screen } from "./screen.svelte";

const READS = "You are here as a reader: look at everything, but nothing is changed.";
const CODES = "You are here as a coder: you change your own codings; the rest is for researchers.";

/** Why the person may not do this; empty where they may. */
export function refusal(what: string): string {
  if (desk.may(what)) return "";
  return desk.me?.role === "reader" ? READS : CODES;
}

export function allowed(what: string): boolean {
  const why = refusal(what);
  if (why) screen.say(why, true);
  return !why;
}
