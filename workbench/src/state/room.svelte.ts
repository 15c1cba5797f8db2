/** A recall interview that is held here: the session is played, every play, pause and jump is noted, and the talk is
recorded. Each second of sound goes to this browser's store and then to the server, so a crashed tab loses next to none. */

import { call, get, put, Refused, Unreachable } from "../api/client";
import type { RoomEvent, RoomShape } from "../api/shapes";
import { player } from "./player.svelte";
import { drop, keep, kept, orderedId } from "./store";

type Kept =
  | { id: string; room: string; kind: "chunk"; take: number; number: number; sound: Blob }
  | { id: string; room: string; kind: "event"; event: RoomEvent };

/** Sound is handed over this often, so at most this much can be lost. */
const SLICE_MS = 1000;
/** Answers after which a piece cannot be taken any more: its room is gone or finished, or it is no sound. */
const FINAL = [404, 409, 413, 422];
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

class Room {
  room: RoomShape | null = $state.raw(null);
  recording = $state(false);
  events: RoomEvent[] = $state.raw([]);
  waiting = $state(0);
  level = $state(0);
  startedAt = $state(0);
  problem = $state("");
  away = $state(false);
  /** Rooms that were begun and that no page of this browser records in. */
  left: RoomShape[] = $state.raw([]);

  #take = 0;
  #chunk = 0;
  #n = 0;
  #by: NonNullable<RoomEvent["by"]> | null = null;
  #recorder: MediaRecorder | null = null;
  #ends: (() => void)[] = [];
  #sending: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Sends what an earlier page left in this browser, and looks which rooms were left open. */
  async look(): Promise<void> {
    await this.send();
    const held = (await navigator.locks?.query())?.held?.map((one) => one.name) ?? [];
    const all = await get<RoomShape[]>("/api/rooms");
    this.left = all.filter((one) => one.state === "open" && one.takes.length && !held.includes(lockOf(one.id)));
  }

  async begin(session: string, participant: string): Promise<void> {
    const sound = await microphone();
    this.room = await call<RoomShape>("POST", "/api/rooms", { session, participant }).catch((problem: unknown) => {
      silence(sound);
      throw problem;
    });
    await this.#record(sound, 0);
  }

  /** Goes on in a room that was left: a new take, since the microphone starts anew, where the playback stood. */
  async resume(left: RoomShape): Promise<void> {
    const sound = await microphone();
    this.room = await get<RoomShape>(`/api/rooms/${left.id}`);
    const waiting = (await kept<Kept>("chunks")).flatMap((one) => (one.room === left.id && one.kind === "chunk" ? [one.take] : []));
    await this.#record(sound, Math.max(-1, ...waiting, ...this.room.takes.map((one) => one.number)) + 1);
    player.seek(this.room.stood_ms);
  }

  async #record(sound: MediaStream, take: number): Promise<void> {
    const room = this.room;
    if (!room) return;
    this.#take = take;
    this.#n = 0;
    this.events = [];
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    const recorder = new MediaRecorder(sound, { ...(type ? { mimeType: type } : {}), audioBitsPerSecond: 64_000 });
    this.#recorder = recorder;
    this.#chunk = 0;
    recorder.ondataavailable = (event) => event.data.size && void this.#store(room.id, event.data);
    await new Promise<void>((resolve) => {
      recorder.onstart = () => resolve();
      recorder.start(SLICE_MS);
    });
    this.startedAt = performance.now();
    this.recording = true;
    this.#ends = [this.#watchPlayer(), this.#meter(sound), () => silence(sound), occupied(room.id)];
    void this.send();
  }

  async #store(room: string, sound: Blob): Promise<void> {
    const number = this.#chunk++;
    await keep("chunks", { id: orderedId(), room, kind: "chunk", take: this.#take, number, sound } as Kept);
    this.waiting += 1;
    void this.send();
  }

  #watchPlayer(): () => void {
    const element = player.element;
    const end = new AbortController();
    const on = (name: string, event: RoomEvent["event"]) =>
      element?.addEventListener(name, () => this.#note(event), { signal: end.signal });
    on("play", "play");
    on("pause", "pause");
    on("seeked", "jump");
    if (player.playing) this.#note("play");
    return () => end.abort();
  }

  #note(event: RoomEvent["event"]): void {
    const room = this.room;
    if (!room || !this.recording) return;
    const noted: RoomEvent = {
      n: this.#n++, take: this.#take, at_ms: Math.round(performance.now() - this.startedAt), event, session_ms: player.now(),
      by: event === "pause" ? this.#by : null,
    };
    this.#by = null;
    this.events = [...this.events, noted];
    void keep("chunks", { id: orderedId(), room: room.id, kind: "event", event: noted } as Kept).then(() => {
      this.waiting += 1;
      void this.send();
    });
  }

  /** Someone asks to stop: the playback pauses, and it is noted who it was. */
  stopped(by: NonNullable<RoomEvent["by"]>): void {
    this.#by = by;
    player.pause();
  }

  #meter(sound: MediaStream): () => void {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(sound).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.level = Math.min(Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length) * 4, 1);
    }, 120);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }

  /** Everything kept goes to the server in order; one sender at a time. */
  send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    clearTimeout(this.#timer);
    for (;;) {
      const left = await kept<Kept>("chunks");
      this.waiting = left.length;
      const [next] = left;
      if (!next) return;
      try {
        await deliver(next);
        this.away = false;
        await drop("chunks", next.id);
      } catch (problem) {
        if (problem instanceof Refused && FINAL.includes(problem.status)) {
          this.problem = problem.message;
          await drop("chunks", next.id);
          continue;
        }
        this.away = true;
        this.#timer = setTimeout(() => void this.send(), 1000);
        return;
      }
    }
  }

  async stop(): Promise<void> {
    player.pause();
    const recorder = this.#recorder;
    if (recorder && recorder.state !== "inactive") {
      const over = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
      recorder.stop();
      await over;
    }
    this.recording = false;
    this.#ends.forEach((end) => end());
    this.#ends = [];
  }

  /** Ends an interview: what is kept goes to the server, which makes the recording and its map and queues the rest.
  `gaps`: also without pieces of sound that are lost. */
  async finish(id: string, gaps: boolean): Promise<string> {
    await this.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await this.send();
    if (this.waiting) throw new Unreachable("Some of the sound is still in this browser; it is sent as soon as the server answers.");
    const done = await call<{ key: string }>("POST", `/api/rooms/${id}/finish`, { gaps });
    this.room = null;
    this.events = [];
    this.left = this.left.filter((one) => one.id !== id);
    return done.key;
  }
}

/** The session's sound from the loudspeakers belongs into the recording: nothing is cancelled or evened out. */
const microphone = (): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });

const silence = (sound: MediaStream): void => sound.getTracks().forEach((track) => track.stop());

const lockOf = (room: string): string => `iprkit-room ${room}`;

/** Tells other pages of this browser that the room is not left, until it is ended. */
function occupied(room: string): () => void {
  let end = () => {};
  void navigator.locks?.request(lockOf(room), () => new Promise<void>((resolve) => (end = resolve)));
  return () => end();
}

async function deliver(next: Kept): Promise<void> {
  if (next.kind === "event") await call("POST", `/api/rooms/${next.room}/events`, [next.event]);
  else await put("PUT", `/api/rooms/${next.room}/chunks/${next.number}?take=${next.take}`, next.sound);
}

export const room = new Room();
