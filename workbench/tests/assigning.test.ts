import { describe, expect, it } from "vitest";
import { drawable, roundFor, shareOf } from "../src/arithmetic/assigning";

describe("assigning", () => {
  it("draws what the codebook codes by, and whole sessions where coders mark the units", () => {
    expect(drawable("window")).toEqual(["window", "session"]);
    expect(drawable("span")).toEqual(["session", "segment", "turn"]);
    expect(drawable("silence")).toEqual(["session"]);
    expect(drawable("session")).toEqual(["session"]);
  });

  it("gives each further test of agreement a round of its own", () => {
    expect(roundFor("main", [{ round: "main" }])).toBe("main");
    expect(roundFor("drift", [{ round: "drift-1" }, { round: "main" }])).toBe("drift-2");
  });

  it("sends a share only where a part is meant", () => {
    expect(shareOf(100)).toBeNull();
    expect(shareOf(20)).toBe(0.2);
  });
});
