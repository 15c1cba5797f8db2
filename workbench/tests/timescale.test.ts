import { describe, expect, it } from "vitest";
import { following, msOf, moved, pxOf, showing, ticks, whole, zoomed } from "../src/arithmetic/timescale";

const scale = whole(60_000, 600);

describe("the time scale", () => {
  it("puts milliseconds on pixels and back", () => {
    expect(pxOf(scale, 30_000)).toBe(300);
    expect(msOf(scale, 300)).toBe(30_000);
    expect(msOf(scale, -5)).toBe(0);
    expect(msOf(scale, 900)).toBe(60_000);
  });
  it("keeps what lies under the pointer where it is while zooming", () => {
    const near = zoomed(scale, 4, 150);
    expect(near.spanMs).toBe(15_000);
    expect(pxOf(near, 15_000)).toBeCloseTo(150);
  });
  it("never shows more than there is, nor less than a quarter of a second", () => {
    expect(zoomed(scale, 0.1, 300)).toEqual(scale);
    expect(zoomed(scale, 1e9, 300).spanMs).toBe(250);
  });
  it("does not scroll past either end", () => {
    const near = zoomed(scale, 4, 0);
    expect(moved(near, -1000).startMs).toBe(0);
    expect(moved(near, 1e9).startMs).toBe(45_000);
  });
  it("shows a span with air at both sides", () => {
    const shown = showing(scale, 20_000, 30_000);
    expect([shown.startMs, shown.spanMs]).toEqual([19_000, 12_000]);
  });
  it("turns the page only when the playhead leaves it", () => {
    const near = zoomed(scale, 6, 0);
    expect(following(near, 5_000)).toBe(near);
    expect(following(near, 10_000).startMs).toBeCloseTo(9_500);
  });
  it("writes round times far enough from each other", () => {
    const { stepMs, at } = ticks(scale);
    expect(stepMs).toBe(10_000);
    expect(at).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
  });
});
