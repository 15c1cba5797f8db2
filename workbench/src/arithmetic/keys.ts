/** Key strokes as people write them ("Ctrl+1", "F4", "?"), and what a stroke means now. */

export interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

export interface Binding {
  readonly keys: readonly string[];
  readonly action: string;
  /** What `?` shows. */
  readonly label: string;
  readonly group: string;
  /** Works while one types in a text: only keys that type nothing. */
  readonly inText?: boolean;
}

const NAMES: Record<string, string> = { " ": "Space", Escape: "Esc", ArrowLeft: "Left", ArrowRight: "Right", ArrowUp: "Up", ArrowDown: "Down", "+": "Plus" };

/** The stroke's written form. Shift is named only where it does not already change the sign: "?" but "Shift+Left". */
export function written(stroke: Stroke): string {
  const name = NAMES[stroke.key] ?? (stroke.key.length === 1 ? stroke.key.toLowerCase() : stroke.key);
  const letter = stroke.key.length === 1 && stroke.key.toLowerCase() !== stroke.key.toUpperCase();
  const sign = stroke.key.length === 1 && stroke.key !== " " && !letter;
  const parts = [
    stroke.ctrlKey || stroke.metaKey ? "Ctrl" : "",
    stroke.altKey ? "Alt" : "",
    stroke.shiftKey && !sign ? "Shift" : "",
    name,
  ];
  return parts.filter(Boolean).join("+");
}

/** One spelling of a key as the key map's file may write it: "ctrl + A" is "Ctrl+a". */
export function spelled(text: string): string {
  if (text.trim() === "+" || text.endsWith("++")) return spelled(`${text.slice(0, -1)}Plus`);
  const parts = text.split("+").map((part) => part.trim()).filter(Boolean);
  const name = parts.pop() ?? "";
  const has = (word: string) => parts.some((part) => part.toLowerCase() === word);
  const mods = [has("ctrl") || has("cmd") || has("meta") ? "Ctrl" : "", has("alt") ? "Alt" : "", has("shift") ? "Shift" : ""];
  const canon = name.length === 1 ? name.toLowerCase() : (LONG[name.toLowerCase()] ?? name);
  return [...mods.filter(Boolean), canon].join("+");
}

const LONG: Record<string, string> = Object.fromEntries(
  ["Space", "Esc", "Left", "Right", "Up", "Down", "Enter", "Tab", "Home", "End", "PageUp", "PageDown", "Delete", "Backspace", "Plus",
    ...Array.from({ length: 12 }, (_, i) => `F${i + 1}`)].map((name) => [name.toLowerCase(), name]).concat([
    ["escape", "Esc"], ["arrowleft", "Left"], ["arrowright", "Right"], ["arrowup", "Up"], ["arrowdown", "Down"],
  ]),
);

/** Which action a stroke means: null where it means none, or where it is typing. */
export function actionOf(bindings: readonly Binding[], stroke: Stroke, inText: boolean): string | null {
  const sign = written(stroke);
  const found = bindings.find((binding) => binding.keys.some((key) => spelled(key) === sign) && (!inText || binding.inText));
  return found?.action ?? null;
}

/** Keys that stand for two actions in the same place, so a key map's mistake is shown and not guessed at. */
export function doubled(bindings: readonly Binding[]): string[] {
  const seen = new Map<string, number>();
  for (const key of bindings.flatMap((b) => b.keys.map(spelled))) seen.set(key, (seen.get(key) ?? 0) + 1);
  return [...seen].filter(([, n]) => n > 1).map(([key]) => key);
}
