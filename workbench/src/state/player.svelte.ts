/** What plays: one media element and its clock, which everything on screen that moves with the sound listens to. */

import { untrack } from "svelte";
import { settings } from "./settings.svelte";

export type OnFrame = (ms: number) => void;

/** One file of a recording that may have several, and where it begins on the conversation's clock. */
export interface Part {
  readonly src: string;
  readonly offsetMs: number;
  readonly durationMs: number;
}

export class Player {
  /** The one that a person started or moved last: the keys are its. */
  static last: Player | null = null;

  element: HTMLMediaElement | null = null;
  playing = $state(false);
  parts: readonly Part[] = $state.raw([]);
  durationMs = $derived(Math.max(...this.parts.map((part) => part.offsetMs + part.durationMs), 0));
  /** Where it stands, four times a second: for texts and screen readers. Drawings use `onFrame`. */
  ms = $state(0);
  loop: { startMs: number; endMs: number } | null = $state.raw(null);
  /** What is repeated where somebody goes on to another place meanwhile. */
  around: (ms: number) => Player["loop"] = () => null;

  #listeners = new Set<OnFrame>();
  #frame = 0;
  #part = 0;
  #pausedAt: number | null = null;
  #pending: number | null = null;

  /** Takes over an element as long as it lives; gives back how to let go of it. */
  attach(element: HTMLMediaElement): () => void {
    return untrack(() => this.#attach(element));
  }

  #attach(element: HTMLMediaElement): () => void {
    const end = new AbortController();
    const on = (name: string, job: () => void) => element.addEventListener(name, job, { signal: end.signal });
    const at = this.ms;
    this.element = element;
    this.#show(0);
    if (at) this.#go(at);
    element.playbackRate = settings.rate;
    on("play", () => this.#started());
    on("pause", () => this.#stopped());
    on("ended", () => this.#ended());
    on("seeked", () => this.#tell());
    on("timeupdate", () => (this.ms = this.now()));
    on("loadedmetadata", () => this.#loaded());
    return () => {
      end.abort();
      cancelAnimationFrame(this.#frame);
      if (this.element === element) this.element = null;
      this.playing = false;
    };
  }

  now(): number {
    if (this.#pending !== null) return this.#pending;
    return Math.round((this.element?.currentTime ?? 0) * 1000) + (this.parts[this.#part]?.offsetMs ?? 0);
  }

  /** Another recording, or none. */
  load(parts: readonly Part[]): void {
    untrack(() => {
      const sorted = [...parts].sort((a, b) => a.offsetMs - b.offsetMs);
      const told = (all: readonly Part[]) => all.map((part) => `${part.src}@${part.offsetMs}`).join();
      if (told(sorted) === told(this.parts)) return;
      this.parts = sorted;
      this.loop = null;
      this.#pausedAt = null;
      this.ms = 0;
      this.#show(0);
    });
  }

  onFrame(listener: OnFrame): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async play(): Promise<void> {
    const element = this.element;
    if (!element?.paused) return;
    Player.last = this;
    if (this.#pausedAt !== null && Math.abs(this.now() - this.#pausedAt) < 50) this.seek(this.now() - settings.rewindMs);
    element.playbackRate = settings.rate;
    await element.play().catch(() => undefined);
  }

  pause(): void {
    this.element?.pause();
  }

  /** Asks the element itself: `playing` follows a moment later, and a second stroke may come before it. */
  toggle(): void {
    if (this.element?.paused === false) this.pause();
    else void this.play();
  }

  seek(ms: number): void {
    Player.last = this;
    if (this.loop && (ms < this.loop.startMs || ms > this.loop.endMs)) this.loop = this.around(ms);
    this.#go(ms);
  }

  #go(ms: number): void {
    const to = Math.min(Math.max(Math.round(ms), 0), this.durationMs);
    const wanted = Math.max(this.parts.findLastIndex((part) => part.offsetMs <= to), 0);
    const going = this.playing && !this.element?.paused;
    if (wanted !== this.#part) this.#show(wanted);
    const element = this.element;
    if (!element || element.readyState === 0) this.#pending = to;
    else element.currentTime = (to - (this.parts[wanted]?.offsetMs ?? 0)) / 1000;
    if (going && element?.paused) void element.play().catch(() => undefined);
    this.ms = to;
    this.#tell();
  }

  /** From here, at once. */
  hear(ms: number): void {
    this.#pausedAt = null;
    this.seek(ms);
    void this.play();
  }

  rate(rate: number): void {
    if (this.element) this.element.playbackRate = rate;
  }

  #show(part: number): void {
    this.#part = part;
    const src = this.parts[part]?.src;
    if (!this.element) return;
    if (src) this.element.src = src;
    else this.element.removeAttribute("src");
    this.#pending = null;
  }

  #loaded(): void {
    const to = this.#pending;
    this.#pending = null;
    if (to !== null) this.#go(to);
    if (this.element) this.element.playbackRate = settings.rate;
  }

  #started(): void {
    this.playing = true;
    cancelAnimationFrame(this.#frame);
    const step = () => {
      const ms = this.now();
      if (this.loop && ms >= this.loop.endMs) this.seek(this.loop.startMs);
      else this.#tell(ms);
      this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  #ended(): void {
    const next = this.parts[this.#part + 1];
    if (!next) return this.#stopped();
    this.seek(next.offsetMs);
    void this.element?.play().catch(() => undefined);
  }

  #stopped(): void {
    this.playing = false;
    this.#pausedAt = this.now();
    cancelAnimationFrame(this.#frame);
    this.ms = this.now();
    this.#tell();
  }

  #tell(ms: number = this.now()): void {
    for (const listener of this.#listeners) listener(ms);
  }
}

/** The session's recording. */
export const player = new Player();
/** The recall interview's recording. */
export const recallPlayer = new Player();
