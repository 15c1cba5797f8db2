/** Every action that a key can mean. Each tells whether it had anything to do. */

import type { Action, Code } from "../api/shapes";
import { clock } from "../arithmetic/clock";
import { marked, neighbour, reacted, stretched, wordsBetween } from "../arithmetic/selection";
import { clamp } from "../arithmetic/timescale";
import { turnAt } from "../arithmetic/turns";
import { windows } from "../arithmetic/units";
import { axis } from "./axis.svelte";
import { applyCode, changeCoding, redo, removeCoding, undo } from "./doing";
import { desk } from "./desk.svelte";
import { pins } from "./pins.svelte";
import { Player, player, recallPlayer } from "./player.svelte";
import { allowed } from "./rights";
import { type Mode, screen } from "./screen.svelte";
import { set, settings } from "./settings.svelte";
import { tasks } from "./tasks.svelte";
import { detach } from "./window";

/** In Link recall the keys are the interview's; elsewhere they are the session's until the interview beside it is played. */
function playing(): Player {
  const recall = screen.mode === "Link recall" || Player.last === recallPlayer;
  return recall && screen.beside && recallPlayer.element ? recallPlayer : player;
}

const done = (job: () => unknown) => (): boolean => {
  job();
  return true;
};

const mode = (name: Mode) => (): boolean => !screen.room && done(() => (screen.mode = name))();

/** One for each action of the key map: the type sees to that neither has what the other lacks. */
export const commands: Readonly<Record<Action, () => boolean>> = {
  play: done(() => playing().toggle()),
  play_outside_text: done(() => playing().toggle()),
  back: done(() => playing().seek(playing().now() - settings.seekMs)),
  forward: done(() => playing().seek(playing().now() + settings.seekMs)),
  slower: done(() => speed(-0.125)),
  faster: done(() => speed(0.125)),
  step_back: done(() => playing().seek(playing().now() - settings.stepMs)),
  step_forward: done(() => playing().seek(playing().now() + settings.stepMs)),
  jump_back: done(() => playing().seek(playing().now() - settings.jumpMs)),
  jump_forward: done(() => playing().seek(playing().now() + settings.jumpMs)),
  loop: done(loop),
  detach: done(detach),
  edit: () => edit(),
  save_and_next: () => tasks.save(true),
  save_text: () => tasks.save(false),
  timestamp: () => tasks.stamp(),
  speaker_1: () => tasks.give(0),
  speaker_2: () => tasks.give(1),
  speaker_3: () => tasks.give(2),
  speaker_4: () => tasks.give(3),
  next_speaker: () => tasks.giveNext(),
  next_doubt: () => tasks.doubt(1),
  previous_doubt: () => tasks.doubt(-1),
  next_unit: () => tasks.unit(1) || unit(1),
  previous_unit: () => tasks.unit(-1) || unit(-1),
  next_segment: () => segment(1),
  previous_segment: () => segment(-1),
  next_word: () => word(1),
  previous_word: () => word(-1),
  longer: () => longer(1),
  shorter: () => longer(-1),
  whole_turn: turn,
  clip_start: done(markStart),
  clip_end: done(markEnd),
  select_nothing: done(() => screen.select(null)),
  find_code: () => (screen.mode === "Code" || screen.mode === "Adjudicate") && done(() => (screen.finder = true))(),
  recent_code: recent,
  memo: () => focus("#memo"),
  next_memo: () => pins.step(1),
  previous_memo: () => pins.step(-1),
  next_coding: nextCoding,
  remove_coding: () => !!screen.coding && screen.coding.coder === desk.me?.coder && done(() => screen.coding && void removeCoding(screen.coding))(),
  submit: () => tasks.submit(),
  pin_piece: () => tasks.piece("pin"),
  split_piece: () => tasks.piece("split"),
  start_earlier: () => tasks.nudge("start", -settings.nudgeMs),
  start_later: () => tasks.nudge("start", settings.nudgeMs),
  end_earlier: () => tasks.nudge("end", -settings.nudgeMs),
  end_later: () => tasks.nudge("end", settings.nudgeMs),
  stopped_by_client: () => tasks.stopped("client"),
  stopped_by_therapist: () => tasks.stopped("therapist"),
  stopped_by_interviewer: () => tasks.stopped("interviewer"),
  zoom_in: () => tasks.zoom(1.5) || done(() => axis.zoom(1.5))(),
  zoom_out: () => tasks.zoom(1 / 1.5) || done(() => axis.zoom(1 / 1.5))(),
  zoom_all: () => tasks.zoom(0) || done(() => axis.all())(),
  undo: done(() => void undo()),
  redo: done(() => void redo()),
  history: done(() => (screen.history = !screen.history)),
  search: () => focus("#find-place"),
  help: done(() => (screen.help = true)),
  mode_1: mode("Transcribe"),
  mode_2: mode("Link recall"),
  mode_3: mode("Code"),
  mode_4: mode("Compare"),
  mode_5: mode("Adjudicate"),
  mode_6: mode("Report"),
};

/** A code's own key on a selection, or a digit on the coding that waits for its rating. */
export function typedCode(sign: string): boolean {
  if (screen.mode !== "Code" || screen.room) return false;
  const rated = screen.rating ? desk.codings.find((one) => one.key === screen.rating) : undefined;
  if (rated && /^\d$/.test(sign) && rate(rated.codebook, rated.code, Number(sign))) return true;
  const book = desk.codebook;
  const code = book?.codes.find((one) => one.codable && !one.retired && one.shortcut?.toLowerCase() === sign.toLowerCase());
  if (!book || !code || !screen.selection) return false;
  applyCode(code, book.name);
  return true;
}

function rate(codebook: string, code: string, rating: number): boolean {
  const coding = desk.codings.find((one) => one.key === screen.rating);
  const scale = scaleOf(codebook, desk.codes.get(`${codebook}:${code}`));
  if (!coding || coding.coder !== desk.me?.coder || !scale || rating < scale.min || rating > scale.max) return false;
  screen.rating = "";
  void changeCoding(coding, { rating });
  screen.say(`rated ${rating}`);
  return true;
}

export function scaleOf(codebook: string, code: Code | undefined) {
  return desk.codebooks.find((book) => book.name === codebook)?.scales.find((one) => one.name === code?.applied.scale) ?? null;
}

function speed(by: number): void {
  set("rate", clamp(Math.round((settings.rate + by) * 1000) / 1000, 0.5, 2));
  player.rate(settings.rate);
  recallPlayer.rate(settings.rate);
  screen.say(`speed ${settings.rate}`);
}

function loop(): void {
  if (player.loop) {
    player.loop = null;
    return screen.say("Loop off");
  }
  player.loop = turnWithPads(player.now());
  if (player.loop) screen.say("This turn is repeated");
}

function turnWithPads(ms: number): Player["loop"] {
  const current = desk.turns[turnAt(desk.turns, ms)];
  return current ? { startMs: Math.max(current.startMs - PAD_MS, 0), endMs: current.endMs + PAD_MS } : null;
}

const PAD_MS = 300;
player.around = turnWithPads;

function edit(): boolean {
  if (screen.mode !== "Transcribe") return false;
  if (!allowed("edit")) return true;
  const at = screen.selection?.startMs ?? player.now();
  const found = desk.segments.findLast((one) => one.start_ms <= at) ?? desk.segments[0];
  if (found) screen.editing = found.key;
  return !!found;
}

/** Without an assignment the units are the codebook's windows, or segments. */
function unit(by: 1 | -1): boolean {
  const book = desk.codebook;
  if (screen.mode !== "Code" || book?.unit !== "window" || !book.window_ms) return segment(by);
  const all = windows(desk.place, book.window_ms);
  const at = screen.selection?.startMs ?? -1;
  const next = at < 0 ? all[0] : neighbour(all, (one) => one.startMs <= at && at < one.endMs, by);
  if (!next) return false;
  screen.select(next);
  player.seek(next.startMs);
  return true;
}

function segment(by: 1 | -1): boolean {
  const selected = screen.selection;
  const at = selected?.startMs ?? player.now();
  const here = desk.segments.findLast((one) => one.start_ms <= at)?.key;
  const next = selected || by < 0 ? neighbour(desk.segments, (one) => one.key === here, by) : desk.segments.find((one) => one.key === here);
  const found = next ?? desk.segments[0];
  if (!found) return false;
  screen.select({ kind: "segment", key: found.key, startMs: found.start_ms, endMs: found.end_ms });
  player.seek(found.start_ms);
  screen.say(`${found.role ?? found.speaker ?? ""}: ${found.text}`);
  return true;
}

function word(by: 1 | -1): boolean {
  const selected = screen.selection;
  const at = selected?.startMs ?? player.now();
  const id = selected?.kind === "words" ? selected.last : desk.words.find((one) => one.end_ms > at)?.id;
  const next = selected?.kind === "words" ? neighbour(desk.words, (one) => one.id === id, by) : desk.words.find((one) => one.id === id);
  const found = next && wordsBetween(desk.words, next.id, next.id);
  if (!found) return false;
  screen.select(found);
  player.seek(found.startMs);
  screen.say(next.text);
  return true;
}

function longer(by: 1 | -1): boolean {
  if (screen.selection?.kind !== "words") return word(1);
  screen.select(stretched(desk.words, screen.selection, by, "last"));
  return true;
}

function turn(): boolean {
  const found = desk.turns[turnAt(desk.turns, screen.selection?.startMs ?? player.now())];
  if (!found) return false;
  screen.select({ kind: "turn", key: found.key, startMs: found.startMs, endMs: found.endMs });
  return true;
}

const here = () => reacted(player.now(), player.playing, settings.reactionMs);

function markStart(): void {
  screen.markedAt = here();
  screen.say(`Start marked at ${clock(screen.markedAt)}`, true);
}

function markEnd(): void {
  if (screen.markedAt === null) return screen.say("Mark a start first.", true);
  const found = marked(screen.markedAt, here());
  screen.markedAt = null;
  if (!found) return screen.say("Nothing lies between start and end.", true);
  screen.select({ kind: "span", ...found });
  screen.say(`Marked ${clock(found.startMs)}–${clock(found.endMs)}; now type a code’s key`, true);
}

function recent(): boolean {
  const mine = desk.codings.filter((one) => one.coder === desk.me?.coder && one.codebook === desk.codebook?.name);
  const last = mine.at(-1);
  const code = last && desk.codes.get(`${last.codebook}:${last.code}`);
  if (!code || !last || screen.mode !== "Code") return false;
  applyCode(code, last.codebook);
  return true;
}

function nextCoding(): boolean {
  const at = screen.selection?.startMs ?? screen.coding?.start_ms ?? player.now();
  const here = desk.codings.filter((one) => one.start_ms <= at && at < one.end_ms);
  const found = here[(here.findIndex((one) => one.key === screen.picked) + 1) % Math.max(here.length, 1)];
  if (!found) return false;
  screen.pick(found.key);
  screen.say(`${found.code} by ${found.coder}`);
  return true;
}

function focus(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  return !!found;
}
