/** The video in a window of its own, for a second screen; closing that window brings it back. */

import { player } from "./player.svelte";
import { screen } from "./screen.svelte";

let away: Window | null = null;

export function detach(): void {
  const element = player.element;
  const home = element?.parentElement;
  if (away) return away.close();
  if (!element || !home) return;
  const other = window.open("", "iprkit-video", "popup,width=960,height=580");
  if (!other) return screen.say("The browser did not allow a second window; allow it for this page.", true);
  other.document.title = "iprkit: video";
  other.document.body.style.cssText = "margin:0;background:#000;display:grid;place-items:center;height:100vh";
  element.style.cssText = "width:100%;height:100%;object-fit:contain";
  moveTo(other.document.body, element);
  away = other;
  other.addEventListener("pagehide", () => {
    away = null;
    element.style.cssText = "";
    moveTo(home, element);
  });
}

/** A video that changes its place stops; it goes on where it was. */
function moveTo(place: HTMLElement, element: HTMLMediaElement): void {
  const playing = player.playing;
  const ms = player.now();
  place.prepend(element);
  player.seek(ms);
  if (playing) void element.play().catch(() => undefined);
}
