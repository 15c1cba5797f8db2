/** The time axis: which stretch of the session is on screen, and where a millisecond lies in it. */

export interface Scale {
  /** First millisecond on screen. */
  readonly startMs: number;
  /** Length of what is on screen. */
  readonly spanMs: number;
  /** Width of the drawing in CSS pixels. */
  readonly width: number;
  /** Length of the whole recording. */
  readonly totalMs: number;
}

/** Nobody needs to see less than this at once: a quarter of a second. */
export const SHORTEST_SPAN_MS = 250;

export const whole = (totalMs: number, width: number): Scale => ({ startMs: 0, spanMs: Math.max(totalMs, 1), width, totalMs });

export const pxOf = (scale: Scale, ms: number): number => ((ms - scale.startMs) / scale.spanMs) * scale.width;

export const msOf = (scale: Scale, px: number): number =>
  clamp(Math.round(scale.startMs + (px / Math.max(scale.width, 1)) * scale.spanMs), 0, scale.totalMs);

export const endMs = (scale: Scale): number => scale.startMs + scale.spanMs;

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(most, least));
}

/** Zoom by `factor` (above 1 shows less), so that what lies under `px` stays under it. */
export function zoomed(scale: Scale, factor: number, px: number): Scale {
  const spanMs = clamp(scale.spanMs / factor, Math.min(SHORTEST_SPAN_MS, scale.totalMs), scale.totalMs);
  const held = scale.startMs + (px / Math.max(scale.width, 1)) * scale.spanMs;
  return moved({ ...scale, spanMs }, held - (px / Math.max(scale.width, 1)) * spanMs - scale.startMs);
}

/** Scroll by `byMs`, never past either end. */
export function moved(scale: Scale, byMs: number): Scale {
  return { ...scale, startMs: clamp(scale.startMs + byMs, 0, scale.totalMs - scale.spanMs) };
}

export const resized = (scale: Scale, width: number): Scale => ({ ...scale, width });

/** The scale that shows `[start, end)` with a tenth of air at each side. */
export function showing(scale: Scale, start: number, end: number): Scale {
  const air = Math.max((end - start) * 0.1, SHORTEST_SPAN_MS / 2);
  const spanMs = clamp(end - start + 2 * air, Math.min(SHORTEST_SPAN_MS, scale.totalMs), scale.totalMs);
  return moved({ ...scale, spanMs }, start - air - scale.startMs);
}

/** While playing: the page turns when the playhead leaves it, and nothing moves before. */
export function following(scale: Scale, ms: number): Scale {
  if (ms >= scale.startMs && ms <= scale.startMs + scale.spanMs * 0.97) return scale;
  return moved(scale, ms - scale.spanMs * 0.05 - scale.startMs);
}

const STEPS_MS = [
  50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

/** Round times to write on the ruler, at least `apart` pixels from each other. */
export function ticks(scale: Scale, apart = 72): { stepMs: number; at: number[] } {
  const wanted = (apart / Math.max(scale.width, 1)) * scale.spanMs;
  const stepMs = STEPS_MS.find((step) => step >= wanted) ?? 3_600_000;
  const at: number[] = [];
  for (let ms = Math.ceil(scale.startMs / stepMs) * stepMs; ms <= endMs(scale); ms += stepMs) at.push(ms);
  return { stepMs, at };
}
