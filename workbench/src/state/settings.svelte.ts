/** How a person likes the screen; kept in this browser. */

export interface Settings {
  look: "system" | "light" | "dark";
  railWidth: number;
  inspectorWidth: number;
  playerHeight: number;
  axisHeight: number;
  seekMs: number;
  rewindMs: number;
  reactionMs: number;
  rate: number;
  follow: boolean;
  codebook: string;
}

const DEFAULTS: Settings = {
  look: "system",
  railWidth: 232,
  inspectorWidth: 340,
  playerHeight: 180,
  axisHeight: 312,
  seekMs: 5000,
  rewindMs: 1500,
  reactionMs: 800,
  rate: 1,
  follow: true,
  codebook: "",
};

const NAME = "iprkit-settings";

function stored(): Settings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(NAME) ?? "{}") as Partial<Settings>) };
  } catch {
    return { ...DEFAULTS };
  }
}

export const settings: Settings = $state(stored());

export function set<K extends keyof Settings>(name: K, value: Settings[K]): void {
  settings[name] = value;
  localStorage.setItem(NAME, JSON.stringify(settings));
}

export function isDark(): boolean {
  return settings.look === "dark" || (settings.look === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}
