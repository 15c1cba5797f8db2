import { describe, expect, it } from "vitest";
import { moving, written } from "../src/arithmetic/progress";

const told = { part: 20, of: 100, seconds_left: 80, age_s: 10 };

describe("how far long work is", () => {
  it("moves on at its pace between two excerpts", () => {
    expect(moving(told, 30).share).toBeCloseTo(0.6);
    expect(moving(told, 30).secondsLeft).toBe(40);
    expect(written(moving(told, 30))).toBe("60 %, about 40 s left");
  });
  it("never comes to the end before that is told", () => {
    const late = moving(told, 10_000);
    expect(late.share).toBeCloseTo(0.92);
    expect(late.secondsLeft).toBeCloseTo(8);
  });
  it("does not move where nobody knows the pace, and says so", () => {
    const now = moving({ ...told, part: 0, seconds_left: null }, 30);
    expect(now).toEqual({ share: 0, secondsLeft: null });
    expect(written(now)).toBe("0 %; how long it takes is seen with the first excerpt");
  });
  it("is told in minutes where it takes long", () => {
    expect(written({ share: 0.1, secondsLeft: 600 })).toBe("10 %, about 10 min left");
  });
});
