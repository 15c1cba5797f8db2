import { describe, expect, it } from "vitest";
import { anchorLines, anchorsOf, changed, companions, heirs, homes, pointing, withBelow, type Placed } from "../src/arithmetic/codes";

const code = (key: string, parent: string | null, more: Partial<Omit<Placed, "applied">> & { scale?: string } = {}): Placed => {
  const { scale = "presence", ...rest } = more;
  return { key, name: key, parent, retired: false, codable: true, uses: {}, applied: { scale } as Placed["applied"], ...rest };
};

const codes = [
  code("moves", null, { codable: false }),
  code("push", "moves", { uses: { coding: 2 } }),
  code("shove", "push", { uses: { adjudication: 1, coding: 1 } }),
  code("pull", "moves"),
  code("warmth", null, { scale: "1-5" }),
  code("old", null, { retired: true }),
];
const by = (key: string): Placed => codes.find((one) => one.key === key) as Placed;
const keys = (found: readonly Placed[]): string[] => found.map((one) => one.key);

describe("codes", () => {
  it("take all below them along, and go nowhere below themselves nor below what is retired", () => {
    expect([...withBelow(codes, "push")]).toEqual(["push", "shove"]);
    expect(keys(homes(codes, "push"))).toEqual(["moves", "pull", "warmth"]);
    expect(keys(homes(codes, "moves"))).toEqual(["warmth"]);
  });

  it("are merged only into codes that are given themselves, on the same scale", () => {
    expect(keys(heirs(codes, by("push")))).toEqual(["pull"]);
    expect(keys(heirs(codes, by("shove")))).toEqual(["push", "pull"]);
    expect(keys(heirs(codes, by("moves")))).toEqual(["warmth"]);
    expect(keys(companions(codes, by("push"), by("pull")))).toEqual(["shove"]);
  });

  it("tell what points to them, and nothing where nothing does", () => {
    expect(pointing(codes, withBelow(codes, "push"))).toBe("3 codings and 1 settlement");
    expect(pointing(codes, ["shove"])).toBe("1 coding and 1 settlement");
    expect(pointing(codes, ["pull", "old"])).toBe("");
  });
});

describe("a scale's numbers", () => {
  it("are a line each, and come back as they were", () => {
    const anchors = [{ value: 1, text: "not at all" }, { value: 4.5, text: "much = a lot" }];
    expect(anchorsOf(" 1 = not at all\n\n4,5: much = a lot ")).toEqual(anchors);
    expect(anchorsOf(anchorLines(anchors))).toEqual(anchors);
    expect(anchorsOf("")).toEqual([]);
  });

  it("are told by the line that is none", () => {
    expect(anchorsOf("1 = low\nhigh")).toBe("high");
    expect(anchorsOf("2 =")).toBe("2 =");
  });
});

it("sends of a form only what was changed", () => {
  expect(changed({ title: "B", notes: "", exclusive: false }, { title: "A", notes: "", exclusive: false })).toEqual({ title: "B" });
});
