/** What lies on the desk: the study, the open session with everything on its clock, and the codebook at hand. */

import { call, get, personOf, useToken } from "../api/client";
import type {
  Adjudication, Assignment, Code, Codebook, Coding, Interview, Me, Memo, Moment, PeaksShape, Recall, Segment, Segments,
  Session, StudyShape, Transcript, Word,
} from "../api/shapes";
import { placeOf } from "../arithmetic/selection";
import { turnsOf } from "../arithmetic/turns";
import type { Place } from "../arithmetic/units";
import { outbox } from "./outbox.svelte";
import type { Part } from "./player.svelte";
import { set, settings } from "./settings.svelte";
import { belongTo } from "./store";

export interface Peaks {
  readonly perSecond: number;
  /** Least and greatest of each stretch, in turn, −128 to 127. */
  readonly pairs: Int8Array;
}

/** What an event of codings tells: which it touched, and those of them that there are, as of an entry of the journal. */
export interface Brought {
  readonly keys: readonly string[];
  readonly codings?: readonly Coding[];
  readonly state?: number;
}

class Desk {
  me: Me | null = $state.raw(null);
  /** People come in here by name and password. */
  accounts = $state(false);
  study: StudyShape | null = $state.raw(null);
  /** The open session or recall interview, by key. */
  key = $state("");
  transcript: Transcript | null = $state.raw(null);
  peaks: Peaks | null = $state.raw(null);
  given: Coding[] = $state.raw([]);
  moments: Moment[] = $state.raw([]);
  /** Free notes on the session, without those on codings. */
  memos: Memo[] = $state.raw([]);
  recalls: Recall[] = $state.raw([]);
  codebooks: Codebook[] = $state.raw([]);
  assignments: Assignment[] = $state.raw([]);
  /** A coding that waits for its rating, without which it cannot be stored. */
  draft: Coding | null = $state.raw(null);
  /** The round of the assignment that is being coded; none outside of one. */
  round: { codebook: string; name: string } | null = $state.raw(null);
  problem = $state("");
  loading = $state(false);

  settled: Adjudication[] = $state.raw([]);

  readonly #readWords = inTurn();
  readonly #readCodings = inTurn();

  session: Session | null = $derived(this.#session(this.key));
  /** The open session or interview itself. */
  conversation: Session | Interview | null = $derived(
    this.session?.key === this.key ? this.session : (this.session?.interviews.find((one) => one.key === this.key) ?? null),
  );
  /** Those on the clock of the open conversation: a session and an interview about it do not share theirs. */
  codings: Coding[] = $derived(this.#onClock(this.#painted()));
  segments: Segment[] = $derived(this.#texts());
  words: Word[] = $derived(this.segments.flatMap((segment) => segment.words));
  turns = $derived(turnsOf(this.segments));
  codebook: Codebook | null = $derived(
    this.codebooks.find((book) => book.name === settings.codebook) ?? this.codebooks[0] ?? null,
  );
  codes: Map<string, Code> = $derived(
    new Map(this.codebooks.flatMap((book) => book.codes.map((code) => [`${book.name}:${code.key}`, code] as const))),
  );
  durationMs = $derived(Math.max(this.conversation?.duration_ms ?? 0, this.transcript?.duration_ms ?? 0));

  place: Place = $derived({
    key: this.key, durationMs: this.durationMs, segments: this.segments, turns: this.turns, moments: this.moments,
  });

  async begin(): Promise<void> {
    await this.loadMe();
    await this.loadStudy();
    await this.loadCodebooks();
  }

  async loadMe(): Promise<void> {
    const me = await get<Me>("/api/me");
    this.me = me;
    useToken(me);
    belongTo(personOf(me));
  }

  /** One's own name among the coders of the study. */
  async join(): Promise<void> {
    await call("POST", "/api/coders", { name: this.me?.coder ?? "" });
    await this.loadMe();
  }

  async loadStudy(): Promise<void> {
    const [study, assignments] = await Promise.all([get<StudyShape>("/api/study"), get<Assignment[]>("/api/assignments")]);
    this.study = study;
    this.assignments = assignments;
  }

  async loadAssignments(): Promise<void> {
    this.assignments = await get<Assignment[]>("/api/assignments");
  }

  async loadCodebooks(): Promise<void> {
    const names = this.study?.codebooks.map((book) => book.name) ?? [];
    this.codebooks = await Promise.all(names.map((name) => get<Codebook>(`/api/codebooks/${encodeURIComponent(name)}`)));
  }

  /** The codebooks that the study has by now. */
  async renewCodebooks(): Promise<void> {
    await this.loadStudy();
    await this.loadCodebooks();
  }

  async open(key: string): Promise<void> {
    this.key = key;
    this.view = "";
    this.transcript = null;
    this.peaks = null;
    this.given = [];
    this.moments = [];
    this.memos = [];
    this.recalls = [];
    this.loading = true;
    try {
      await Promise.all([this.loadTranscript(), this.loadCodings()]);
    } finally {
      this.loading = false;
    }
    // One can begin by now; the rest comes as it is read.
    void this.#rest(key);
  }

  async #rest(key: string): Promise<void> {
    await this.loadRecalls();
    if (key === this.key) await Promise.all([this.loadPeaks(), this.loadSettled(), this.loadMoments()]);
  }

  async loadTranscript(): Promise<void> {
    return this.#readWords(async () => {
      const key = this.key;
      if (!this.conversation?.state.includes("transcribed")) return;
      const transcript = await get<Transcript>(`/api/transcripts/${key}`);
      if (key === this.key) this.transcript = transcript;
    });
  }

  /** Of the open transcript those of these segments that it has, as they are now, and the codings on them. */
  async loadSegments(keys: readonly string[]): Promise<void> {
    const others = this.session?.interviews.map((one) => one.key).filter((key) => key !== this.key) ?? [];
    const here = keys.filter((key) => isUnder(key, this.key) && !others.some((one) => isUnder(`${key}-`, one)));
    const known = new Map(this.transcript?.segments.map((one) => [one.key, one]));
    if (!here.length) return;
    if (here.length > MOST_NAMED || !here.every((key) => known.has(key))) {
      await Promise.all([this.loadTranscript(), this.loadCodings()]);
      return;
    }
    await this.#readWords(async () => {
      const key = this.key;
      const told = await get<Segments>(`/api/transcripts/${key}/segments?${named(here)}`);
      if (key !== this.key || !this.transcript) return;
      const fresh = new Map(told.segments.map((one) => [one.key, one]));
      const segments = this.transcript.segments.map((one) => fresh.get(one.key) ?? one);
      this.transcript = { ...this.transcript, version: told.version, segments };
    });
    await this.loadNamed(new Set(this.given.filter((one) => isOn(one, here, known)).map((one) => one.key)));
  }

  async loadCodings(): Promise<void> {
    return this.#readCodings(async () => {
      const session = this.session?.key;
      const given = session ? await get<Coding[]>(`/api/codings/${session}`) : [];
      if (session && session === this.session?.key) this.given = given;
    });
  }

  /** Of the open session's codings those with these keys, as they are now; what is there no more, or not to be seen, goes. */
  async loadNamed(keys: ReadonlySet<string>): Promise<void> {
    await this.#readCodings(async () => {
      const session = this.session?.key;
      const here = [...keys].filter((key) => session !== undefined && key.startsWith(`${session}-`));
      for (let from = 0; from < here.length; from += MOST_NAMED) {
        const part = here.slice(from, from + MOST_NAMED);
        const fresh = await get<Coding[]>(`/api/codings/${session}?${named(part)}`);
        if (session !== this.session?.key) return;
        const others = this.given.filter((one) => !part.includes(one.key));
        this.given = inOrder([...others, ...fresh]);
      }
    });
    if (isNews(this.study, keys, this.given)) await this.loadStudy();
  }

  /** Codings that events brought. Those read before this page's own last change are asked for by name. */
  async take(brought: readonly Brought[]): Promise<void> {
    const late = new Set<string>();
    await this.#readCodings(async () => {
      const session = this.session?.key;
      const now = new Map<string, Coding | null>();
      for (const one of brought) {
        const here = one.keys.filter((key) => session !== undefined && key.startsWith(`${session}-`));
        const fresh = new Map(one.codings?.map((coding) => [coding.key, coding]));
        if (outbox.newest > (one.state ?? 0)) here.forEach((key) => late.add(key));
        else here.forEach((key) => now.set(key, fresh.get(key) ?? null));
      }
      const there = [...now.values()].filter((one) => one !== null);
      if (now.size) this.given = inOrder([...this.given.filter((one) => !now.has(one.key)), ...there]);
    });
    if (late.size) await this.loadNamed(late);
    else if (isNews(this.study, new Set(brought.flatMap((one) => one.keys)), this.given)) await this.loadStudy();
  }

  async loadMoments(): Promise<void> {
    const session = this.session?.key;
    if (!session) return;
    const [moments, memos] = await Promise.all([get<Moment[]>(`/api/moments/${session}`), get<Memo[]>(`/api/memos/${session}`)]);
    if (session !== this.session?.key) return;
    this.moments = moments;
    this.memos = memos;
  }

  async loadRecalls(): Promise<void> {
    this.recalls = await Promise.all((this.session?.interviews ?? []).map((one) => get<Recall>(`/api/recalls/${one.key}`)));
  }

  async loadPeaks(): Promise<void> {
    const key = this.key;
    const peaks = this.conversation ? await peaksOf(this.conversation) : null;
    if (key === this.key) this.peaks = peaks;
  }

  async loadSettled(): Promise<void> {
    this.settled = await get<Adjudication[]>("/api/adjudications");
  }

  known(key: string): boolean {
    return this.#session(key) !== null;
  }

  /** Whether a key is a recall interview's. */
  interview(key: string): boolean {
    return this.#session(key)?.interviews.some((one) => one.key === key) ?? false;
  }

  /** The camera or microphone that is seen and heard, of several; empty for the first film. */
  view = $state("");
  views: string[] = $derived([...new Set((this.conversation?.recordings ?? []).filter((one) => !one.missing).map((one) => one.view))]);

  /** The files of the open conversation, as a player wants them. */
  parts(): Part[] {
    return partsOf(this.conversation, this.view);
  }

  choose(codebook: string): void {
    set("codebook", codebook);
  }

  may(what: string): boolean {
    return this.me?.can.includes(what) ?? false;
  }

  #session(key: string): Session | null {
    const sessions = this.study?.dyads.flatMap((dyad) => dyad.sessions) ?? [];
    return sessions.find((one) => one.key === key || one.interviews.some((each) => each.key === key)) ?? null;
  }

  #onClock(codings: Coding[]): Coding[] {
    const { session, key } = this;
    const interviews = session?.interviews.map((one) => one.key) ?? [];
    return session ? codings.filter((one) => placeOf(one.target, session.key, interviews) === key) : codings;
  }

  /** Codings as the server has them, less and more by what is still on its way there. */
  #painted(): Coding[] {
    const paints = outbox.queue.flatMap((edit) => (edit.paint ? [edit.paint] : []));
    const gone = new Set(paints.flatMap((paint) => (paint.kind === "without" ? [paint.key] : [])));
    const fresh = paints.flatMap((paint) =>
      paint.kind === "coding" && paint.session === this.session?.key ? [paint.coding as unknown as Coding] : [],
    );
    if (this.draft?.target.startsWith(this.key)) fresh.push(this.draft);
    if (!gone.size && !fresh.length) return this.given;
    const changed = new Map(fresh.map((coding) => [coding.key, coding]));
    const stay = this.given.filter((one) => !gone.has(one.key)).map((one) => changed.get(one.key) ?? one);
    const known = new Set(stay.map((one) => one.key));
    return [...stay, ...fresh.filter((one) => !known.has(one.key))];
  }

  /** Segments with corrections that the server has not taken yet. */
  #texts(): Segment[] {
    const segments = this.transcript?.segments ?? [];
    const texts = new Map<string, string>();
    for (const { paint } of outbox.queue) {
      if (paint?.kind === "text" && paint.place === this.key) texts.set(paint.segment, paint.text);
    }
    if (!texts.size) return segments;
    return segments.map((one) => (texts.has(one.key) ? retold(one, texts.get(one.key) ?? "") : one));
  }
}

/** The files of one view: the wanted one, else the first film, else the first there is. */
export function partsOf(conversation: Session | Interview | null, wanted = ""): Part[] {
  const present = conversation?.recordings.filter((one) => !one.missing) ?? [];
  const view = (present.find((one) => one.view === wanted) ?? present.find((one) => one.kind === "video") ?? present[0])?.view;
  return present
    .filter((one) => one.view === view)
    .map((one) => ({ src: `/api/recordings/${one.id}/media`, offsetMs: one.offset_ms, durationMs: one.duration_ms }));
}

/** A segment with other words, spread evenly over its time until the server has listened again. */
function retold(segment: Segment, text: string): Segment {
  const said = text.split(/\s+/).filter(Boolean);
  const each = (segment.end_ms - segment.start_ms) / Math.max(said.length, 1);
  const words = said.map((word, i): Word => {
    const old = segment.words[i];
    if (old && old.text === word && segment.words.length === said.length) return old;
    return {
      id: old && segment.words.length === said.length ? old.id : `${segment.key}~${i}`,
      text: word,
      start_ms: Math.round(segment.start_ms + i * each),
      end_ms: Math.round(segment.start_ms + (i + 1) * each),
      confidence: 1,
      speaker: segment.speaker,
      interpolated: true,
      doubtful: false,
    };
  });
  return { ...segment, text, words };
}

/** The waveform of all files of a recording, each at its place on the conversation's clock. */
export async function peaksOf(conversation: Session | Interview): Promise<Peaks | null> {
  const parts = partsOf(conversation, "main");
  const told = await Promise.all(parts.map((part) => get<PeaksShape>(`${part.src.replace(/media$/, "peaks")}?per_second=${RATE}`)));
  if (!told.length) return null;
  const total = Math.ceil((conversation.duration_ms / 1000) * RATE) + RATE;
  const pairs = new Int8Array(2 * total);
  told.forEach((one, i) => {
    const bytes = Uint8Array.from(atob(one.peaks), (sign) => sign.charCodeAt(0));
    const at = 2 * Math.round(((parts[i]?.offsetMs ?? 0) / 1000) * RATE);
    pairs.set(new Int8Array(bytes.buffer).subarray(0, Math.max(pairs.length - at, 0)), at);
  });
  return { perSecond: RATE, pairs };
}

/** One reading after the other, so that none puts an older state in the place of a newer one. */
function inTurn(): (read: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (read) => {
    const done = last.then(read);
    last = done.catch(() => undefined);
    return done;
  };
}

const inOrder = (codings: Coding[]): Coding[] => codings.sort((a, b) => a.start_ms - b.start_ms);
const isUnder = (key: string, place: string): boolean => key.startsWith(`${place}-`);
const named = (keys: readonly string[]): string => keys.map((key) => `keys=${encodeURIComponent(key)}`).join("&");

/** Whether a coding shares time with one of these segments, so that it may stand otherwise once they are corrected. */
function isOn(coding: Coding, keys: readonly string[], segments: ReadonlyMap<string, Segment>): boolean {
  return keys.some((key) => {
    const segment = segments.get(key);
    return !!segment && coding.start_ms <= segment.end_ms && coding.end_ms >= segment.start_ms;
  });
}

/** Whether codings make a session one that was begun to be coded, or that is so no longer. */
function isNews(study: StudyShape | null, keys: ReadonlySet<string>, given: readonly Coding[]): boolean {
  const sessions = study?.dyads.flatMap((dyad) => dyad.sessions) ?? [];
  const bare = sessions.filter((one) => !one.state.includes("coded"));
  return !given.length || bare.some((one) => [...keys].some((key) => key.startsWith(`${one.key}-`)));
}

const MOST_NAMED = 100;
const RATE = 20;

export const desk = new Desk();
