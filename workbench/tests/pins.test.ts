import { describe, expect, it } from "vitest";
import { grouped, nextPin, pinsOf } from "../src/arithmetic/pins";

const memo = (key: string, target: string, start_ms: number) => ({ key, target, start_ms, text: `on ${target}`, author: "lea" });
const coding = (key: string, start_ms: number, memo: string) => ({ key, start_ms, memo, coder: "anna" });
const pins = pinsOf([memo("n1", "S-M01", 500), memo("n2", "S-T001", 100)], [coding("c1", 300, "why"), coding("c2", 200, " ")], new Set(["S-M01"]));

describe("pins", () => {
  it("stand for every memo in order of time, and open what the memo is on", () => {
    expect(pins.map((one) => [one.startMs, one.kind, one.shows])).toEqual([[100, "note", "n2"], [300, "coding", "c1"], [500, "moment", "S-M01"]]);
  });
  it("that would cover each other are one with their number", () => {
    const groups = grouped(pins, (ms) => ms / 20, 100, 14);
    expect(groups.map((one) => [one.x, one.pins.length])).toEqual([[5, 2], [25, 1]]);
    expect(grouped(pins, (ms) => ms - 100, 400, 14, 8).map((one) => one.x)).toEqual([8, 200, 400]);
    expect(grouped(pins, (ms) => ms, 400, 14).map((one) => one.x)).toEqual([100, 300]);
  });
  it("are walked through from where one looks, and stop at the ends", () => {
    expect([nextPin(pins, "", 200, 1), nextPin(pins, "", 200, -1)].map((one) => one?.startMs)).toEqual([300, 100]);
    expect(nextPin(pins, "n1", 0, 1)?.key).toBe("n1");
    expect(nextPin(pins, "memo-c1", 0, -1)?.key).toBe("n2");
    expect(nextPin([], "", 0, 1)).toBeUndefined();
  });
});
