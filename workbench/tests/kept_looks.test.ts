import { describe, expect, it } from "vitest";
import type { Coding, Segment } from "../src/api/shapes";
import { Kept } from "../src/arithmetic/kept";
import { lanesOf, type Ground, type Lane } from "../src/axis/lanes";
import { Brackets } from "../src/transcript/brackets";

const segment = (n: number) => ({ key: `S${n}`, start_ms: n * 1000, end_ms: n * 1000 + 900, speaker: "A", role: null, text: "" }) as unknown as Segment;
const coding = (key: string, coder: string, n: number, rating: number | null = null) =>
  ({ key, coder, code: "push", codebook: "talk", kind: "segment", start_ms: n * 1000, end_ms: n * 1000 + 900, rating, moved: null }) as unknown as Coding;

const segments = [0, 1, 2].map(segment);
const codes: Ground["codes"] = new Map();
const [anna, ben] = [coding("a", "anna", 0), coding("b", "ben", 1)];

describe("when one coding changes", () => {
  const rated = coding("b", "ben", 1, 4);

  it("the lanes of other coders stay the same, and its coder's tells it", () => {
    const kept = new Kept<Lane>();
    const lanes = (codings: Coding[]) => lanesOf(
      { segments, codings, settled: [], stretches: [], recalls: [], moments: [], codes, hasMemos: false, isSession: true, unfolded: new Set() }, kept,
    );
    const [before, after] = [lanes([anna, ben]), lanes([anna, rated])];
    const named = (all: Lane[], id: string) => all.find((one) => one.id === id);
    expect(named(after, "coder-anna")).toBe(named(before, "coder-anna"));
    expect(named(after, "speakers")).toBe(named(before, "speakers"));
    expect(named(after, "coder-ben")?.laid[0]?.bar.sign).toBe("push 4");
    expect(named(lanes([rated]), "coder-ben")?.top).toBe(named(before, "coder-anna")?.top);
  });

  it("the brackets beside other segments stay the same, and its own tells it", () => {
    const made = new Brackets();
    const [before, after] = [made.of([anna, ben], segments, codes), made.of([anna, rated], segments, codes)];
    expect(after.get("S0")).toBe(before.get("S0"));
    expect(after.get("S1")?.[0]?.title).toBe("push 4 · ben");
    expect(made.of([anna], segments, codes).get("S1")).toBeUndefined();
  });

  it("initials come to brackets when a second coder does, and go with the last", () => {
    const made = new Brackets();
    const signs = (codings: Coding[]) => made.of(codings, segments, codes).get("S0")?.map((one) => one.coder);
    expect([signs([anna]), signs([anna, ben]), signs([anna])]).toEqual([[""], ["A"], [""]]);
  });
});
