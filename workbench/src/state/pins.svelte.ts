/** The memos of the open session, and which of them is open in the inspector. */

import { spoken } from "../arithmetic/clock";
import { nextPin, pinsOf, type Pin } from "../arithmetic/pins";
import { axis } from "./axis.svelte";
import { desk } from "./desk.svelte";
import { player } from "./player.svelte";
import { screen } from "./screen.svelte";

class Pins {
  all: Pin[] = $derived(
    desk.session?.key === desk.key ? pinsOf(desk.memos, desk.codings, new Set(desk.moments.map((one) => one.key))) : [],
  );
  /** The key of the pin that was opened last. */
  at = $state("");

  open(pin: Pin): void {
    this.at = pin.key;
    if (screen.mode !== "Code") screen.mode = "Code";
    screen.select(null);
    screen.pick(pin.shows);
    player.seek(pin.startMs);
    axis.follow(pin.startMs);
    screen.say(said(pin));
  }

  /** The next memo from where one looks; nothing where there is none. */
  step(by: 1 | -1): boolean {
    const open = this.all.some((one) => one.key === this.at && one.shows === screen.picked) ? this.at : "";
    const found = nextPin(this.all, open, screen.selection?.startMs ?? player.now(), by);
    if (found) this.open(found);
    else screen.say("There is no memo on this session yet.", true);
    return true;
  }
}

/** What a screen reader says of a pin. */
export function said(pin: Pin): string {
  const on = { coding: "on a coding", moment: "on a moment", note: "" }[pin.kind];
  return `Memo by ${pin.author} ${on} at ${spoken(pin.startMs)}: ${pin.text}`.replace("  ", " ");
}

export const pins = new Pins();
