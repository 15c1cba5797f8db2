/** What others do, as it happens: events from the journal, and which part of the desk each makes old. */

import { get } from "../api/client";
import { desk } from "./desk.svelte";
import { outbox } from "./outbox.svelte";
import { screen } from "./screen.svelte";

export interface Told {
  readonly seq: number;
  readonly author: string;
  readonly what: string;
  readonly keys: readonly string[];
  readonly kinds?: readonly string[];
}

class Live {
  connected = $state(false);
  seq = $state(0);
  /** Grows whenever the queue changed. */
  jobs = $state(0);
  last: Told | null = $state.raw(null);

  #source: EventSource | null = null;
  #news: Told[] = [];
  #again: ReturnType<typeof setTimeout> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;

  listen(since: number): () => void {
    this.seq = since;
    this.#open();
    return () => {
      clearTimeout(this.#again);
      this.#source?.close();
    };
  }

  #open(): void {
    const source = new EventSource(`/api/events?since=${this.seq}`);
    this.#source = source;
    source.onopen = () => {
      this.connected = true;
      outbox.away = outbox.locked = false;
      void outbox.drain();
    };
    source.onerror = () => {
      this.connected = false;
      outbox.away = true;
      // A refusal ends it for good: the server does not know this page, until somebody is let in here again.
      if (source.readyState !== EventSource.CLOSED) return;
      this.#again = setTimeout(() => this.#open(), 2000);
      get<{ signed_in: boolean }>("/api/door").then((door) => (outbox.locked = !door.signed_in)).catch(() => undefined);
    };
    source.addEventListener("change", (event) => this.#heard(JSON.parse((event as MessageEvent<string>).data) as Told));
    source.addEventListener("jobs", () => (this.jobs += 1));
  }

  #heard(told: Told): void {
    this.seq = Math.max(this.seq, told.seq);
    this.last = told;
    if (told.author !== desk.me?.coder) screen.say(`${told.author} ${told.what}`);
    this.#news.push(told);
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#renew(), 60);
  }

  #renew(): void {
    const news = this.#news.filter((one) => !(outbox.isOwn(one.seq) && one.kinds?.every((kind) => /coding/.test(kind))));
    this.#news = [];
    for (const load of new Set(news.flatMap(touched))) load().catch(() => undefined);
  }
}

/** Loaders by the kinds of things that an event names; all of them where it names none. */
const LOADERS: readonly [RegExp, () => Promise<void>][] = [
  [/transcript|segment|word|speaker/, loadTranscript],
  [/coding/, loadCodings],
  [/adjudication/, loadSettled],
  [/moment|memo/, loadMoments],
  [/recall|map|pause|comment|link/, loadRecalls],
  [/codebook|^code$/, loadCodebooks],
  [/./, loadStudy],
];

function touched(told: Told): (() => Promise<void>)[] {
  const kinds = told.kinds ?? [];
  if (!kinds.length) return LOADERS.map(([, load]) => load);
  return LOADERS.filter(([kind]) => kinds.some((one) => kind.test(one))).map(([, load]) => load);
}

async function loadTranscript(): Promise<void> { await desk.loadTranscript(); }
async function loadCodings(): Promise<void> { await desk.loadCodings(); }
async function loadMoments(): Promise<void> { await desk.loadMoments(); }
async function loadSettled(): Promise<void> { await desk.loadSettled(); }
async function loadRecalls(): Promise<void> { await desk.loadRecalls(); }
async function loadCodebooks(): Promise<void> { await desk.loadCodebooks(); }
async function loadStudy(): Promise<void> { await desk.loadStudy(); }

export const live = new Live();
