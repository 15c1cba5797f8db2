/** Key strokes as the key map writes them ("Ctrl+1", "F4", "?"), and what a stroke means now. */

export interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** Of a key map's line what a stroke is looked up by. */
export interface Bound<A extends string = string> {
  readonly action: A;
  readonly keys: readonly string[];
  readonly where: "everywhere" | "outside" | "text";
}

const NAMES: Record<string, string> = { " ": "Space", Escape: "Esc", ArrowLeft: "Left", ArrowRight: "Right", ArrowUp: "Up", ArrowDown: "Down", "+": "Plus" };

/** The stroke's written form. Shift is named only where it does not already change the sign: "?" but "Shift+Left". */
export function written(stroke: Stroke): string {
  const name = NAMES[stroke.key] ?? (stroke.key.length === 1 ? stroke.key.toUpperCase() : stroke.key);
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

/** Which action a stroke means: null where it means none, or where it is typing. */
export function actionOf<A extends string>(keys: readonly Bound<A>[], stroke: Stroke, inText: boolean): A | null {
  const sign = written(stroke);
  const here = inText ? "text" : "outside";
  return keys.find((one) => one.keys.includes(sign) && (one.where === here || one.where === "everywhere"))?.action ?? null;
}

const ARROWS: Record<string, string> = { Left: "←", Right: "→", Up: "↑", Down: "↓", Plus: "+", Delete: "Del" };

/** A key as it is printed on the keyboard: "Ctrl+←". */
export function printed(key: string): string {
  return key.split("+").map((part) => ARROWS[part] ?? part).join("+");
}
