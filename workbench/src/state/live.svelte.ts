/** What others do, as it happens: events from the journal, and which part of the desk each makes old. */

import { get } from "../api/client";
import { desk, type Brought } from "./desk.svelte";
import { outbox } from "./outbox.svelte";
import { screen } from "./screen.svelte";

export interface Told extends Brought {
  readonly seq: number;
  readonly author: string;
  readonly what: string;
  readonly kind: string;
  readonly kinds?: readonly string[];
}

/** News come in a swarm, and to all pages at once, which must not all ask at once. What they bring is shown sooner. */
const SHOWN_MS = 20;
const SOON_MS = 60;
const SPREAD_MS = 200;

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
  #brought: Told[] = [];
  #shown: ReturnType<typeof setTimeout> | undefined;

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
    if (told.codings) {
      this.#brought.push(told);
      this.#shown ??= setTimeout(() => this.#show(), SHOWN_MS);
      return;
    }
    this.#news.push(told);
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#renew(), SOON_MS + Math.random() * SPREAD_MS);
  }

  #show(): void {
    const brought = this.#brought.filter((one) => !isKnown(one));
    this.#brought = [];
    this.#shown = undefined;
    desk.take(brought).catch(() => undefined);
  }

  #renew(): void {
    const news = this.#news.filter((one) => !isKnown(one));
    this.#news = [];
    for (const load of loads(news)) load().catch(() => undefined);
  }
}

/** What this page did itself it shows already; but of an undo it knows the outcome only when it is told. */
const isKnown = (told: Told): boolean => outbox.isOwn(told.seq) && told.kind === "change" && (onlyCodings(told) || onlyWords(told));

const only = (told: Told, kinds: RegExp): boolean => !!told.kinds?.length && told.kinds.every((kind) => kinds.test(kind));
/** Codings given or changed, or words corrected: an event names them, and nothing else need be read. */
const onlyCodings = (told: Told): boolean => only(told, /^(coding|round)$/);
const onlyWords = (told: Told): boolean => only(told, /^(segment|conversation|transcript)$/);

/** Loaders by the kinds of things that an event names; all of them where it names none. */
const LOADERS: readonly [RegExp, () => Promise<void>][] = [
  [/transcript|segment|word|speaker/, () => desk.loadTranscript()],
  [/transcript|segment|speaker|moment|comment|code|coding|assignment|withdrawal/, () => desk.loadCodings()],
  [/adjudication/, () => desk.loadSettled()],
  [/moment|memo/, () => desk.loadMoments()],
  [/recall|map|pause|comment|link/, () => desk.loadRecalls()],
  [/codebook|^code$/, () => desk.renewCodebooks()],
  [/./, () => desk.loadStudy()],
];

function loads(news: readonly Told[]): (() => Promise<void>)[] {
  const words = news.filter((one) => onlyWords(one) && one.keys.length && one.kinds?.includes("segment"));
  const others = news.filter((one) => !words.includes(one));
  const whole = LOADERS.filter(([kind]) => others.some((one) => !one.kinds?.length || one.kinds.some((each) => kind.test(each))));
  const found = whole.map(([, load]) => load);
  if (words.length) found.push(() => desk.loadSegments([...new Set(words.flatMap((one) => one.keys))]));
  return found;
}

export const live = new Live();
