import { describe, expect, it } from "vitest";
import { best } from "../src/arithmetic/finding";
import { actionOf, doubled, spelled, written } from "../src/arithmetic/keys";
import { EXTRAS, keymap } from "../src/arithmetic/keymap";

const stroke = (key: string, ...held: ("ctrl" | "alt" | "shift")[]) => ({
  key, ctrlKey: held.includes("ctrl"), altKey: held.includes("alt"), shiftKey: held.includes("shift"), metaKey: false,
});
const told = (action: string, keys: string[], in_text = false) => ({ action, label: action, keys, in_text });

describe("keys", () => {
  it("are written as people write them", () => {
    expect(written(stroke(" "))).toBe("Space");
    expect(written(stroke("?", "shift"))).toBe("?");
    expect(written(stroke("ArrowLeft", "shift"))).toBe("Shift+Left");
    expect(written(stroke("Z", "ctrl", "shift"))).toBe("Ctrl+Shift+z");
    expect(written(stroke("+"))).toBe("Plus");
  });
  it("may be spelled in several ways in a key map", () => {
    expect(["ctrl + A", "Ctrl+a"].map(spelled)).toEqual(["Ctrl+a", "Ctrl+a"]);
    expect(["Escape", "ArrowLeft", "Shift+ArrowRight", "+", "Ctrl++"].map(spelled)).toEqual(["Esc", "Left", "Shift+Right", "Plus", "Ctrl+Plus"]);
  });
  it("type while one writes, except those that mean something there too", () => {
    const bindings = keymap([told("play", ["F4", "Escape"], true), told("back", ["b"])]);
    expect(actionOf(bindings, stroke("F4"), true)).toBe("play");
    expect(actionOf(bindings, stroke("Escape"), true)).toBe("play");
    expect(actionOf(bindings, stroke("b"), true)).toBeNull();
    expect(actionOf(bindings, stroke("b"), false)).toBe("back");
  });
  it("that are set twice are told", () => {
    expect(doubled(keymap([told("play", ["F4"]), told("back", ["f4"])]))).toEqual(["F4"]);
    expect(doubled(keymap([]))).toEqual([]);
  });
  it("a study's own keys stand in the place of the page's", () => {
    const own = keymap([told("edit", ["e"])]);
    expect(own.filter((one) => one.action === "edit").map((one) => one.keys)).toEqual([["e"]]);
    expect(own).toHaveLength(EXTRAS.length);
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
