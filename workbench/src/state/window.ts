/** The session's video in a window of its own, for a second screen. Whichever part of the page plays the session, its
video stands there as long as that window is open; closing it brings the video back. */

import { desk } from "./desk.svelte";
import { player } from "./player.svelte";
import { screen } from "./screen.svelte";

interface Housed {
  readonly element: HTMLMediaElement;
  readonly home: HTMLElement;
}

let away: Window | null = null;
let shown: Housed | null = null;

/** For an element that plays the session, as long as it lives. */
export function housed(element: HTMLMediaElement): () => void {
  const home = element.parentElement;
  const end = player.attach(element);
  shown = home && { element, home };
  if (away) takeOut(away);
  return () => {
    end();
    if (shown?.element === element) shown = null;
    if (element.ownerDocument !== document) element.remove();
  };
}

export function detach(): void {
  if (away) return away.close();
  if (!shown || !desk.session?.recordings.some((one) => one.kind === "video"))
    return screen.say("There is no video for a window of its own.", true);
  const other = window.open("", "iprkit-video", "popup,width=960,height=580");
  if (!other) return screen.say("The browser did not allow a second window; allow it for this page.", true);
  furnish(other);
  away = other;
  takeOut(other);
  screen.detached = true;
  window.addEventListener("pagehide", () => other.close());
  other.addEventListener("pagehide", bringBack);
}

function bringBack(): void {
  away = null;
  screen.detached = false;
  if (!shown) return;
  shown.element.style.cssText = "";
  moveTo(shown.home, shown.element);
}

function takeOut(other: Window): void {
  if (!shown) return;
  shown.element.style.cssText = "width:100%;height:100%;object-fit:contain;min-height:0";
  moveTo(other.document.querySelector("main") ?? other.document.body, shown.element);
}

/** What is pressed and clicked there counts as here. */
function furnish(other: Window): void {
  const page = other.document;
  page.title = "iprkit: video";
  page.documentElement.lang = "en";
  page.body.style.cssText = "margin:0;background:#0d0f12;color:#e7eaee;font-family:system-ui,sans-serif";
  const main = page.createElement("main");
  main.style.cssText = "display:grid;height:100vh";
  const name = page.createElement("h1");
  name.textContent = "Video of the session";
  name.style.cssText = "position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;margin:0";
  main.append(name);
  page.body.replaceChildren(main);
  main.addEventListener("click", () => player.toggle());
  other.addEventListener("keydown", (event) => {
    if (!window.dispatchEvent(new KeyboardEvent("keydown", event))) event.preventDefault();
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
