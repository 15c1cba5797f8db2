import { describe, expect, it } from "vitest";
import { edgeMoved, interviewAt, sessionAt, shifted } from "../src/arithmetic/timemap";

const piece = (a: number, b: number, c: number, d: number) => ({ interview_start_ms: a, interview_end_ms: b, session_start_ms: c, session_end_ms: d });
// Watched 5 s, stopped, went back, and watched 4 s again.
const map = [piece(1000, 6000, 20_000, 25_000), piece(9000, 13_000, 22_000, 26_000)];

describe("the time map", () => {
  it("tells where the session stood", () => {
    expect(sessionAt(map, 3000)).toBe(22_000);
    expect(sessionAt(map, 7000)).toBeNull();
    expect(sessionAt(map, 13_000)).toBeNull();
  });
  it("tells every time at which something was watched, twice after a rewind", () => {
    expect(interviewAt(map, 23_000)).toEqual([4000, 10_000]);
    expect(interviewAt(map, 25_500)).toEqual([12_500]);
    expect(interviewAt(map, 1000)).toEqual([]);
  });
  it("moves an edge with both clocks", () => {
    expect(edgeMoved(map[0]!, "end", 5000)).toEqual(piece(1000, 5000, 20_000, 24_000));
    expect(edgeMoved(map[0]!, "start", 2000)).toEqual(piece(2000, 6000, 21_000, 25_000));
  });
  it("lets no edge pass the other, nor the beginning of the session", () => {
    expect(edgeMoved(map[0]!, "end", 0).interview_end_ms).toBe(1100);
    const early = piece(1000, 3000, 500, 2500);
    expect(edgeMoved(early, "start", 0)).toEqual(piece(500, 3000, 0, 2500));
  });
  it("moves a whole piece along the session", () => {
    expect(shifted(map[0]!, -30_000).session_start_ms).toBe(0);
  });
});
