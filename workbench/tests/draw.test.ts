import { describe, expect, it } from "vitest";
import { whole } from "../src/arithmetic/timescale";
import { draw, RULER, type Picture } from "../src/axis/draw";
import type { Lane } from "../src/axis/lanes";

const lane = (id: string, top: number, key: string): Lane => ({
  id, label: id, kind: "bars", top, height: 12, rowHeight: 12,
  laid: [{ row: 0, bar: { key, startMs: 100, endMs: 300, colour: "#000000", sign: "", title: "", kind: "coding" } }],
});
const [anna, ben] = [lane("anna", 0, "a"), lane("ben", 15, "b")];
const picture: Picture = { scale: whole(1000, 500), lanes: [anna, ben], peaks: null, picked: "", height: 60, dark: false };
const ink = { font: "serif", of: (colour: string) => (colour === "--bar" ? "0.3" : colour) };

/** Where lanes are laid out anew on the canvas, from the top, and whether all of it is wiped first. */
function drawn(now: Picture, there: Picture | null): { tops: number[]; wiped: boolean } {
  const told = { tops: [] as number[], wiped: false };
  const fillRect = (x: number, y: number, width: number) => { if (x === 0 && width === now.scale.width) told.tops.push(y - RULER); };
  const known: Record<string, unknown> = { fillRect, clearRect: () => (told.wiped = true) };
  const canvas = new Proxy(known, { get: (all, name: string) => all[name] ?? (() => undefined), set: () => true });
  draw(canvas as unknown as CanvasRenderingContext2D, now, ink, there);
  return told;
}

describe("of a picture that is there already", () => {
  it("nothing is drawn where nothing changed", () => {
    expect(drawn({ ...picture }, picture)).toEqual({ tops: [], wiped: false });
  });
  it("the lane is drawn whose bars changed", () => {
    expect(drawn({ ...picture, lanes: [anna, lane("ben", 15, "c")] }, picture)).toEqual({ tops: [15], wiped: false });
  });
  it("the lanes are drawn in which something was chosen, and in which it no longer is", () => {
    const chosen = { ...picture, picked: "a" };
    expect(drawn(chosen, picture).tops).toEqual([0]);
    expect(drawn({ ...picture, picked: "b" }, chosen).tops).toEqual([0, 15]);
  });
  it.each<[string, Partial<Picture>]>([
    ["another stretch", { scale: whole(2000, 500) }], ["another height", { height: 80 }], ["the other look", { dark: true }],
    ["one lane less", { lanes: [anna] }], ["a lane elsewhere", { lanes: [anna, lane("ben", 20, "b")] }],
    ["the sound", { peaks: { perSecond: 20, pairs: new Int8Array(4) } }],
  ])("all is drawn anew for %s", (_, change) => {
    const now = { ...picture, ...change };
    expect(drawn(now, picture)).toEqual({ tops: now.lanes.map((one) => one.top), wiped: true });
  });
});
