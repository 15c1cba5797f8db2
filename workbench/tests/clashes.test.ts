import { describe, expect, it } from "vitest";
import { sides } from "../src/arithmetic/clashes";

describe("a conflict", () => {
  it("shows what one changed beside what stands there now, and nothing else", () => {
    const theirs = { name: "Push", definition: "Theirs.", include: "", retired: false, base: "f00" };
    expect(sides({ definition: "Mine.", include: "Shoves.", retired: true, base: "abc" }, theirs)).toEqual([
      { field: "definition", mine: "Mine.", theirs: "Theirs." },
      { field: "belongs", mine: "Shoves.", theirs: "–" },
      { field: "retired", mine: "yes", theirs: "no" },
    ]);
  });

  it("leaves out what is no field of the thing, such as what was to be done with it", () => {
    expect(sides({ do: "pin", number: 1, base: "a" }, { pieces: [], base: "b" })).toEqual([]);
    expect(sides({ parent: null, after: "pull" }, { parent: "warmth" })).toEqual([{ field: "below", mine: "–", theirs: "warmth" }]);
  });

  it("keeps one's words where the server refused them for another reason", () => {
    expect(sides({ text: "Mine.", base: "a" }, null)).toEqual([{ field: "text", mine: "Mine.", theirs: "–" }]);
    expect(sides({ target: "D01-S01-T001", code: "push", memo: "" }, null).map((one) => one.field)).toEqual(["code"]);
    expect(sides(undefined, null)).toEqual([]);
  });
});
