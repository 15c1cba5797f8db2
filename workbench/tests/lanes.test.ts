import { describe, expect, it } from "vitest";
import { laidOut, lastAt, under } from "../src/arithmetic/lanes";

const bar = (key: string, startMs: number, endMs: number) => ({ key, startMs, endMs });

describe("bars on a lane", () => {
  it("lie on one row as long as they do not overlap", () => {
    expect(laidOut([bar("b", 10, 20), bar("a", 0, 10)]).rows).toBe(1);
  });
  it("that overlap lie on rows of their own, and a free row is used again", () => {
    const { laid, rows } = laidOut([bar("a", 0, 30), bar("b", 10, 20), bar("c", 25, 40)]);
    expect(rows).toBe(2);
    expect(laid.map((one) => [one.bar.key, one.row])).toEqual([["a", 0], ["b", 1], ["c", 1]]);
  });
  it("never overlap on their row", () => {
    const bars = Array.from({ length: 300 }, (_, i) => bar(`${i}`, (i * 7919) % 1000, ((i * 7919) % 1000) + (i % 40) + 1));
    const { laid, rows } = laidOut(bars);
    for (let row = 0; row < rows; row++) {
      const there = laid.filter((one) => one.row === row).map((one) => one.bar);
      for (let i = 1; i < there.length; i++) expect(there[i]!.startMs).toBeGreaterThanOrEqual(there[i - 1]!.endMs);
    }
  });
  it("are found under a millisecond, the shortest first", () => {
    expect(under([bar("long", 0, 100), bar("short", 40, 60)], 50).map((one) => one.key)).toEqual(["short", "long"]);
    expect(under([bar("a", 0, 10)], 10)).toEqual([]);
  });
  it("are searched by halves", () => {
    const starts = [0, 10, 20, 30];
    expect([-1, 0, 9, 10, 99].map((ms) => lastAt(starts, ms, (x) => x))).toEqual([-1, 0, 0, 1, 3]);
  });
});
