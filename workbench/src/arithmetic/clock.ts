/** Times as people read them: 1:02:03.4. */

export function clock(ms: number, digits = 1): string {
  const unit = 10 ** digits;
  const tenths = Math.floor((Math.max(ms, 0) * unit) / 1000);
  const seconds = Math.floor(tenths / unit);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  const head = hours ? `${hours}:${String(minutes).padStart(2, "0")}` : String(minutes);
  return `${head}:${rest}${digits ? `.${String(tenths % unit).padStart(digits, "0")}` : ""}`;
}

/** What a screen reader says for a time: "2 minutes 5 seconds". */
export function spoken(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), "hour"],
    [Math.floor((seconds % 3600) / 60), "minute"],
    [seconds % 60, "second"],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}${n === 1 ? "" : "s"}`);
  return said.length ? said.join(" ") : "0 seconds";
}

/** "just now", "12 s ago", "3 min ago". */
export function ago(thenMs: number, nowMs: number): string {
  const seconds = Math.max(Math.round((nowMs - thenMs) / 1000), 0);
  if (seconds < 2) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

/** `1:02.5`, `62.5`, `1:00:02` as milliseconds; null where it is no time. */
export function parsed(text: string): number | null {
  const match = /^\s*(?:(\d+):)?(?:(\d{1,2}):)?(\d+(?:[.,]\d{1,3})?)\s*$/.exec(text);
  if (!match) return null;
  const [, first, second, rest] = match;
  const hours = second === undefined ? 0 : Number(first);
  const minutes = second === undefined ? Number(first ?? 0) : Number(second);
  return Math.round((hours * 3600 + minutes * 60 + Number((rest ?? "0").replace(",", "."))) * 1000);
}

/** A place that may lie before the clock begins: "−0:01.2". */
export const offset = (ms: number): string => `${ms < 0 ? "−" : ""}${clock(Math.abs(ms), 3)}`;

/** `-0:01.2` as milliseconds before the clock begins; null where it is no time. */
export function parsedOffset(text: string): number | null {
  const [, sign, rest = ""] = /^\s*([-−]?)(.*)$/.exec(text) ?? [];
  const ms = parsed(rest);
  return ms === null ? null : sign ? -ms : ms;
}
