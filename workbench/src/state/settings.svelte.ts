/** How a person likes the screen; kept in this browser. */

import { clamp } from "../arithmetic/timescale";

export interface Settings {
  look: "system" | "light" | "dark";
  railWidth: number;
  inspectorWidth: number;
  playerHeight: number;
  axisHeight: number;
  seekMs: number;
  rewindMs: number;
  reactionMs: number;
  stepMs: number;
  jumpMs: number;
  nudgeMs: number;
  rate: number;
  follow: boolean;
  codebook: string;
}

/** A part of the window's height, so that on a small screen the text keeps most of it. */
const part = (share: number, least: number, most: number): number => clamp(Math.round(window.innerHeight * share), least, most);

const DEFAULTS: Settings = {
  look: "system",
  railWidth: 232,
  inspectorWidth: 340,
  playerHeight: part(0.2, 110, 220),
  axisHeight: part(0.34, 180, 330),
  seekMs: 5000,
  rewindMs: 1500,
  reactionMs: 800,
  stepMs: 100,
  jumpMs: 1000,
  nudgeMs: 500,
  rate: 1,
  follow: true,
  codebook: "",
};

const NAME = "iprkit-settings";

function stored(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "{}") as Partial<Settings>;
  } catch {
    return {};
  }
}

/** What the person chose; the rest follows the study's file of keys, or the usual values. */
const chosen = stored();

export const settings: Settings = $state({ ...DEFAULTS, ...chosen });

export function set<K extends keyof Settings>(name: K, value: Settings[K]): void {
  settings[name] = value;
  chosen[name] = value;
  localStorage.setItem(NAME, JSON.stringify(chosen));
}

const TOLD: Readonly<Record<string, "seekMs" | "rewindMs" | "reactionMs" | "stepMs" | "jumpMs" | "nudgeMs">> = {
  skip_ms: "seekMs", rewind_on_resume_ms: "rewindMs", reaction_ms: "reactionMs", step_ms: "stepMs", jump_ms: "jumpMs", nudge_ms: "nudgeMs",
};

/** The study's settings, where the person chose nothing else. */
export function adopt(told: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(told)) {
    const own = TOLD[name];
    if (own && chosen[own] === undefined) settings[own] = value;
  }
}

const system = matchMedia("(prefers-color-scheme: dark)");
const dark = $state({ current: system.matches });
system.addEventListener("change", () => (dark.current = system.matches));

/** Where the system's look is followed, an open page follows it too. */
export function isDark(): boolean {
  return settings.look === "dark" || (settings.look === "system" && dark.current);
}
