import { describe, expect, it } from "vitest";
import { Kept } from "../src/arithmetic/kept";

describe("a thing that is kept", () => {
  it("is made once as long as it would be made from the same", () => {
    const kept = new Kept<object>();
    const [part, make] = [{}, () => ({})];
    expect(kept.of("a", [part, 1], make)).toBe(kept.of("a", [part, 1], make));
  });
  it("is made anew from anything else, be it equal", () => {
    const kept = new Kept<object>();
    const first = kept.of("a", [{}], () => ({}));
    expect(kept.of("a", [{}], () => ({}))).not.toBe(first);
    expect(kept.of("a", [], () => ({}))).not.toBe(first);
  });
  it("belongs to its name", () => {
    const kept = new Kept<string>();
    expect([kept.of("a", [], () => "A"), kept.of("b", [], () => "B"), kept.of("a", [], () => "C")]).toEqual(["A", "B", "A"]);
  });
});
