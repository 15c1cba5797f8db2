import { describe, expect, it } from "vitest";
import { marked, neighbour, placeOf, reacted, stretched, targetOf, wordsBetween } from "../src/arithmetic/selection";
import { snapped, windows } from "../src/arithmetic/units";
import { turnAt, turnsOf, wordAt } from "../src/arithmetic/turns";

const words = ["w0001", "w0002", "w0003", "w0004"].map((id, i) => ({ id, start_ms: i * 500, end_ms: i * 500 + 400 }));

describe("a selection", () => {
  it("goes from one word to another, whichever was touched first", () => {
    expect(wordsBetween(words, "w0003", "w0002")).toEqual({ kind: "words", first: "w0002", last: "w0003", startMs: 500, endMs: 1400 });
    expect(wordsBetween(words, "w0003", "gone")).toBeNull();
  });
  it("is called as the command line calls it", () => {
    const two = wordsBetween(words, "w0002", "w0003")!;
    expect(targetOf("D01-S03", two)).toBe("D01-S03-w0002..w0003");
    expect(targetOf("D01-S03", wordsBetween(words, "w0002", "w0002")!)).toBe("D01-S03-w0002");
    expect(targetOf("D01-S03", { kind: "turn", key: "D01-S03-T004", startMs: 0, endMs: 1 })).toBe("D01-S03-T004-turn");
    expect(targetOf("D01-S03", { kind: "span", startMs: 127_500, endMs: 3_732_000 })).toBe("D01-S03@2:07.500-62:12.000");
  });
  it("grows and shrinks by a word, and never below one", () => {
    const one = wordsBetween(words, "w0002", "w0002")!;
    expect(stretched(words, one, 1, "last")).toMatchObject({ first: "w0002", last: "w0003" });
    expect(stretched(words, one, -1, "last")).toMatchObject({ first: "w0002", last: "w0002" });
  });
  it("walks to the neighbour and stops at the ends", () => {
    const at = (id: string) => (word: { id: string }) => word.id === id;
    expect(neighbour(words, at("w0004"), 1)?.id).toBe("w0004");
    expect(neighbour(words, at("none"), 1)?.id).toBe("w0001");
  });
});

describe("a target", () => {
  it.each([
    ["D01-S03-T002", "D01-S03"],
    ["D01-S03@0:01.000-0:02.000", "D01-S03"],
    ["D01-S03-client-C003", "D01-S03-client"],
    ["D01-S03-client@0:01.000-0:02.000", "D01-S03-client"],
    ["D01-S03-client", "D01-S03-client"],
    ["D01-S03-client-K04", "D01-S03"],
    ["D01-S03-client2-C003", "D01-S03-client2"],
  ])("%s lies on the clock of %s", (target, place) => {
    expect(placeOf(target, "D01-S03", ["D01-S03-client", "D01-S03-client2"])).toBe(place);
  });
});

describe("marks set while playing", () => {
  it("move back by the reaction time, and in silence not at all", () => {
    expect(reacted(5000, true, 800)).toBe(4200);
    expect(reacted(5000, false, 800)).toBe(5000);
    expect(reacted(300, true, 800)).toBe(0);
  });
  it("make a span in either order, if anything lies between", () => {
    expect(marked(4000, 1000)).toEqual({ startMs: 1000, endMs: 4000 });
    expect(marked(1000, 1020)).toBeNull();
  });
});

describe("units", () => {
  const place = (durationMs: number) => ({ key: "D01-S03", durationMs, segments: [], turns: [], moments: [] });
  it("are windows from the beginning; half a window or more at the end is one of its own", () => {
    expect(windows(place(174_567), 60_000).map((one) => one.endMs)).toEqual([60_000, 120_000, 174_567]);
    expect(windows(place(140_000), 60_000).map((one) => one.endMs)).toEqual([60_000, 140_000]);
  });
  it("lie around what was selected", () => {
    const word = wordsBetween(words, "w0002", "w0002")!;
    expect(snapped(word, "window", 60_000, place(174_567))).toMatchObject({ key: "D01-S03-W60s-01", kind: "unit" });
    expect(snapped(word, "words", null, place(174_567))).toBe(word);
    expect(snapped(word, "session", null, place(9000))).toMatchObject({ key: "D01-S03", startMs: 0, endMs: 9000 });
  });
});

describe("turns", () => {
  const segment = (key: string, speaker: string, start_ms: number, end_ms: number) => ({ key, speaker, start_ms, end_ms, words: [] });
  it("are runs of segments by one speaker", () => {
    const turns = turnsOf([segment("T001", "A", 0, 900), segment("T002", "A", 1000, 1800), segment("C001", "B", 2000, 2500)]);
    expect(turns.map((one) => [one.key, one.segments.length, one.endMs])).toEqual([["T001", 2, 1800], ["C001", 1, 2500]]);
    expect(turnAt(turns, 2100)).toBe(1);
    expect(turnAt(turns, -5)).toBe(0);
  });
  it("a word sounds until it is over for a moment", () => {
    expect(wordAt(words, 420)?.id).toBe("w0001");
    expect(wordAt(words, 5000)).toBeNull();
  });
});
