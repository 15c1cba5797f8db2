/** Drawing the lanes on a canvas. Only what is on screen is drawn. */

import { clock } from "../arithmetic/clock";
import { endMs, pxOf, ticks, type Scale } from "../arithmetic/timescale";
import type { Peaks } from "../state/desk.svelte";
import type { Lane, LaneBar } from "./lanes";

export interface Ink {
  readonly font: string;
  readonly of: (colour: string) => string;
}

export const RULER = 18;

export interface Picture {
  readonly scale: Scale;
  readonly lanes: readonly Lane[];
  readonly peaks: Peaks | null;
  readonly picked: string;
  readonly height: number;
  readonly dark: boolean;
}

/** Draws a picture, or of one that is there already only the lanes that look otherwise now. */
export function draw(context: CanvasRenderingContext2D, picture: Picture, ink: Ink, there: Picture | null): void {
  const { scale, lanes, picked } = picture;
  if (there && sameGround(there, picture)) {
    const changed = lanes.filter((lane, i) => lane !== there.lanes[i] || (picked !== there.picked && shows(lane, [picked, there.picked])));
    for (const lane of changed) drawLane(context, picture, lane, ink);
    return;
  }
  context.clearRect(0, 0, scale.width, picture.height);
  drawRuler(context, scale, picture.height, ink);
  for (const lane of lanes) drawLane(context, picture, lane, ink);
}

/** Whether everything but what the bars are lies where it lay. */
function sameGround(one: Picture, other: Picture): boolean {
  const same = one.scale === other.scale && one.peaks === other.peaks && one.height === other.height && one.dark === other.dark;
  const placed = (lane: Lane, i: number) => lane.kind === other.lanes[i]?.kind && lane.top === other.lanes[i]?.top && lane.height === other.lanes[i]?.height;
  return same && one.lanes.length === other.lanes.length && one.lanes.every(placed);
}

const shows = (lane: Lane, keys: readonly string[]): boolean => lane.laid.some((one) => keys.includes(one.bar.key));

function drawLane(context: CanvasRenderingContext2D, picture: Picture, lane: Lane, ink: Ink): void {
  if (lane.kind === "wave") drawWave(context, picture.scale, lane, picture.peaks, ink);
  else drawBars(context, picture, lane, ink);
}

function drawRuler(context: CanvasRenderingContext2D, scale: Scale, height: number, ink: Ink): void {
  const { stepMs, at } = ticks(scale);
  context.font = `11px ${ink.font}`;
  context.textBaseline = "middle";
  for (const ms of at) {
    const x = Math.round(pxOf(scale, ms)) + 0.5;
    context.strokeStyle = ink.of("--line");
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.stroke();
    context.fillStyle = ink.of("--ink-soft");
    context.fillText(clock(ms, stepMs < 1000 ? 1 : 0), x + 4, RULER / 2);
  }
}

function drawWave(context: CanvasRenderingContext2D, scale: Scale, lane: Lane, peaks: Peaks | null, ink: Ink): void {
  if (!peaks) return;
  const middle = RULER + lane.top + lane.height / 2;
  const perMs = peaks.perSecond / 1000;
  const last = peaks.pairs.length / 2 - 1;
  context.fillStyle = ink.of("--sound");
  context.beginPath();
  for (let x = 0; x < scale.width; x++) {
    const from = Math.floor((scale.startMs + (x / scale.width) * scale.spanMs) * perMs);
    const to = Math.max(Math.floor((scale.startMs + ((x + 1) / scale.width) * scale.spanMs) * perMs), from + 1);
    let least = 0;
    let most = 0;
    for (let i = from; i < to && i <= last; i++) {
      least = Math.min(least, peaks.pairs[2 * i] ?? 0);
      most = Math.max(most, peaks.pairs[2 * i + 1] ?? 0);
    }
    const up = Math.max((most / 128) * (lane.height / 2), 0.5);
    const down = Math.max((-least / 128) * (lane.height / 2), 0.5);
    context.rect(x, middle - up, 1, up + down);
  }
  context.fill();
}

/** Nothing is drawn beyond the lane, so that drawing it anew leaves nothing of before. */
function drawBars(context: CanvasRenderingContext2D, picture: Picture, lane: Lane, ink: Ink): void {
  const { scale, picked } = picture;
  const end = endMs(scale);
  const top = RULER + lane.top;
  context.save();
  context.beginPath();
  context.rect(0, top, scale.width, lane.height);
  context.clip();
  context.fillStyle = ink.of("--sunken");
  context.fillRect(0, top, scale.width, lane.height);
  for (const { bar, row } of lane.laid) {
    if (bar.endMs <= scale.startMs || bar.startMs >= end) continue;
    const x = pxOf(scale, bar.startMs);
    const width = Math.max(pxOf(scale, bar.endMs) - x, 2);
    drawBar(context, bar, { x, y: top + row * lane.rowHeight, width, height: lane.rowHeight }, bar.key === picked, ink);
  }
  context.restore();
}

interface Box { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

function drawBar(context: CanvasRenderingContext2D, bar: LaneBar, box: Box, picked: boolean, ink: Ink): void {
  const colour = ink.of(bar.colour);
  const air = box.height > 6 ? 1 : 0.5;
  const [x, y, width, height] = [box.x + 0.5, box.y + air, Math.max(box.width - 1, 1.5), box.height - 2 * air];
  context.globalAlpha = Number(ink.of("--bar")) + (picked ? 0.29 : 0);
  context.fillStyle = colour;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  context.fillRect(x, y, Math.min(3, width), height);
  if (bar.unsure || picked) {
    context.setLineDash(picked ? [] : [3, 2]);
    context.lineWidth = picked ? 2 : 1;
    context.strokeStyle = picked ? ink.of("--ink") : colour;
    context.strokeRect(x, y, width, height);
    context.setLineDash([]);
    context.lineWidth = 1;
  }
  if (height < 9 || width < 16 || !bar.sign) return;
  context.save();
  context.beginPath();
  context.rect(x, y, width - 2, height);
  context.clip();
  context.font = `${Math.min(height, 11)}px ${ink.font}`;
  context.fillStyle = ink.of("--ink");
  context.fillText(bar.sign, Math.max(x, 0) + 6, y + height / 2 + 0.5);
  context.restore();
}
