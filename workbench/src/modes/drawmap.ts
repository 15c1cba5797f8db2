/** The picture of a time map: both waveforms and the ribbons between them. */

import type { Comment, MapPiece } from "../api/shapes";
import { clock } from "../arithmetic/clock";
import { pxOf, ticks, type Scale } from "../arithmetic/timescale";
import type { Peaks } from "../state/desk.svelte";

export const UPPER = 18;
export const WAVE = 64;
export const LOWER = 158;
export const HEIGHT = 242;

export interface MapPicture {
  readonly upper: Scale;
  readonly lower: Scale;
  readonly pieces: readonly MapPiece[];
  readonly number: number;
  readonly sessionPeaks: Peaks | null;
  readonly peaks: Peaks | null;
  readonly comments: readonly Comment[];
}

export function drawMap(canvas: HTMLCanvasElement | undefined, picture: MapPicture): void {
  const context = canvas?.getContext("2d");
  if (!canvas || !context) return;
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(picture.upper.width * ratio), Math.round(HEIGHT * ratio)];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const style = getComputedStyle(canvas);
  const ink = (name: string) => style.getPropertyValue(name);
  context.font = `11px ${style.fontFamily}`;
  context.textBaseline = "middle";
  ruler(context, picture.upper, 9, ink);
  ruler(context, picture.lower, HEIGHT - 9, ink);
  for (const piece of picture.pieces) ribbon(context, picture, piece, ink);
  wave(context, picture.upper, picture.sessionPeaks, UPPER, ink("--sound"));
  wave(context, picture.lower, picture.peaks, LOWER, ink("--sound"));
  for (const one of picture.comments) {
    context.fillStyle = ink(one.speaker === "therapist" ? "--therapist" : "--client");
    const x = pxOf(picture.lower, one.interview_start_ms);
    context.fillRect(x, LOWER + WAVE - 5, Math.max(pxOf(picture.lower, one.interview_end_ms) - x, 2), 5);
  }
}

type InkOf = (name: string) => string;

function ruler(context: CanvasRenderingContext2D, scale: Scale, y: number, ink: InkOf): void {
  const { at } = ticks(scale);
  context.fillStyle = ink("--ink-soft");
  for (const ms of at) context.fillText(clock(ms, 0), pxOf(scale, ms) + 2, y);
}

function ribbon(context: CanvasRenderingContext2D, { upper, lower, number }: MapPicture, piece: MapPiece, ink: InkOf): void {
  const [a, b] = [pxOf(upper, piece.session_start_ms), pxOf(upper, piece.session_end_ms)];
  const [c, d] = [pxOf(lower, piece.interview_start_ms), pxOf(lower, piece.interview_end_ms)];
  const chosen = piece.number === number;
  context.beginPath();
  context.moveTo(a, UPPER);
  context.lineTo(b, UPPER);
  context.lineTo(b, UPPER + WAVE);
  context.lineTo(d, LOWER);
  context.lineTo(d, LOWER + WAVE);
  context.lineTo(c, LOWER + WAVE);
  context.lineTo(c, LOWER);
  context.lineTo(a, UPPER + WAVE);
  context.closePath();
  context.globalAlpha = chosen ? 0.34 : 0.15;
  context.fillStyle = ink("--accent");
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = ink("--accent");
  context.lineWidth = chosen ? 2 : 1;
  context.setLineDash(piece.source === "found" && !piece.pinned ? [4, 3] : []);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = ink("--ink");
  context.fillText(`${piece.number}${piece.pinned ? " pinned" : ""}`, (a + b + c + d) / 4 - 4, (UPPER + WAVE + LOWER) / 2);
}

function wave(context: CanvasRenderingContext2D, scale: Scale, peaks: Peaks | null, top: number, colour: string): void {
  if (!peaks) return;
  const middle = top + WAVE / 2;
  const perMs = peaks.perSecond / 1000;
  context.fillStyle = colour;
  context.beginPath();
  for (let x = 0; x < scale.width; x++) {
    const from = Math.floor((scale.startMs + (x / scale.width) * scale.spanMs) * perMs);
    const to = Math.max(Math.floor((scale.startMs + ((x + 1) / scale.width) * scale.spanMs) * perMs), from + 1);
    let loud = 0.5;
    for (let i = from; i < to; i++) loud = Math.max(loud, Math.abs(peaks.pairs[2 * i] ?? 0) / 4, Math.abs(peaks.pairs[2 * i + 1] ?? 0) / 4);
    context.rect(x, middle - loud, 1, 2 * loud);
  }
  context.fill();
}
