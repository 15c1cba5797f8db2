import { describe, expect, it } from "vitest";
import { best } from "../src/arithmetic/finding";
import { actionOf, printed, written, type Bound } from "../src/arithmetic/keys";

const stroke = (key: string, ...held: ("ctrl" | "alt" | "shift")[]) => ({
  key, ctrlKey: held.includes("ctrl"), altKey: held.includes("alt"), shiftKey: held.includes("shift"), metaKey: false,
});

describe("keys", () => {
  it("are written as the key map writes them", () => {
    expect(written(stroke(" "))).toBe("Space");
    expect(written(stroke("?", "shift"))).toBe("?");
    expect(written(stroke("ArrowLeft", "shift"))).toBe("Shift+Left");
    expect(written(stroke("Z", "ctrl", "shift"))).toBe("Ctrl+Shift+Z");
    expect(written(stroke("z", "ctrl"))).toBe("Ctrl+Z");
    expect(written(stroke("+"))).toBe("Plus");
  });
  it("type while one writes, except those that mean something there too", () => {
    const keys: Bound[] = [
      { action: "play", keys: ["F4", "Esc"], where: "everywhere" },
      { action: "edit", keys: ["Enter"], where: "outside" },
      { action: "save", keys: ["Enter"], where: "text" },
    ];
    expect(actionOf(keys, stroke("F4"), true)).toBe("play");
    expect(actionOf(keys, stroke("Escape"), false)).toBe("play");
    expect(actionOf(keys, stroke("Enter"), true)).toBe("save");
    expect(actionOf(keys, stroke("Enter"), false)).toBe("edit");
    expect(actionOf(keys, stroke("b"), false)).toBeNull();
  });
  it("are shown as they are printed on the keyboard", () => {
    expect(["Ctrl+Shift+Left", "Plus", "Alt+V"].map(printed)).toEqual(["Ctrl+Shift+←", "+", "Alt+V"]);
  });
});

describe("finding a code", () => {
  const codes = ["Client withdrawal", "Minimal response", "Giving up", "Therapist withdrawal"].map((name) => ({ key: name.slice(0, 2), name }));
  it("puts names that begin so first, then words in them, then letters in order", () => {
    expect(best(codes, "with").map((one) => one.name)).toEqual(["Client withdrawal", "Therapist withdrawal"]);
    expect(best(codes, "gu")[0]?.name).toBe("Giving up");
    expect(best(codes, "zzz")).toEqual([]);
    expect(best(codes, "")).toHaveLength(4);
  });
});
