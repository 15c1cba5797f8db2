import { describe, expect, it } from "vitest";
import { ago, clock, offset, parsed, parsedOffset, spoken } from "../src/arithmetic/clock";

describe("times", () => {
  it("are written as people read them", () => {
    expect(clock(0)).toBe("0:00.0");
    expect(clock(62_567, 3)).toBe("1:02.567");
    expect(clock(3_725_400)).toBe("1:02:05.4");
    expect(clock(59_999, 0)).toBe("0:59");
  });
  it("are read back as they were written", () => {
    for (const ms of [0, 567, 62_500, 3_725_400]) expect(parsed(clock(ms, 3))).toBe(ms);
    expect(parsed("62.5")).toBe(62_500);
    expect(parsed("1:02,5")).toBe(62_500);
    expect(parsed("soon")).toBeNull();
  });
  it("may lie before the clock begins", () => {
    for (const ms of [-1200, 0, 20_500]) expect(parsedOffset(offset(ms))).toBe(ms);
    expect(parsedOffset("-0:01.2")).toBe(-1200);
    expect(parsedOffset("-")).toBeNull();
  });
  it("are said in words", () => {
    expect(spoken(125_000)).toBe("2 minutes 5 seconds");
    expect(spoken(0)).toBe("0 seconds");
    expect(ago(0, 1000)).toBe("just now");
    expect(ago(0, 130_000)).toBe("2 min ago");
  });
});
