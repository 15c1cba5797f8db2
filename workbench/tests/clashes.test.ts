import { expect, test } from "vitest";
import { clashTold } from "../src/arithmetic/clashes";

const LATE = "changed meanwhile; nothing of yours was stored. Look at it as it is now, and do it again";

test("a text, and the fields that were changed, stand beside what is there now", () => {
  const text = { method: "PATCH", label: "text of D01-S03-T001", body: { text: "Mine.", base: "1" } };
  expect(clashTold(text, `segment D01-S03-T001 was ${LATE}`, { key: "D01-S03-T001", text: "Theirs.", speaker: "A" })).toEqual({
    said: "Segment D01-S03-T001 was changed meanwhile. Yours is not stored.", mine: ["Mine."], theirs: ["Theirs."],
  });
  const coding = { method: "PATCH", label: "coding D01-S03-ben-0001", body: { rating: 3, memo: "", base: "1" } };
  const told = clashTold(coding, `coding D01-S03-ben-0001 was ${LATE}`, { code: "push", rating: 5, memo: "look" });
  expect([told.mine, told.theirs]).toEqual([["Rating: 3", "Memo: nothing"], ["Rating: 5", "Memo: look"]]);
});

test("of what was to go, what is there now is shown", () => {
  const gone = { method: "DELETE", label: "deleting moment D01-S03-M01" };
  const told = clashTold(gone, `moment D01-S03-M01 was ${LATE}`, { key: "D01-S03-M01", label: "bus", memo: "", start_ms: 1000, end_ms: 2500 });
  expect([told.mine, told.theirs]).toEqual([["Taken away"], ["Label: bus", "Time: 0:01.0–0:02.5"]]);
});

const piece = { interview_start_ms: 10_000, interview_end_ms: 20_000, session_start_ms: 60_000, session_end_ms: 70_000 };

test("a stretch of a time map is shown at its place in both recordings", () => {
  const move = { method: "POST", label: "Moved", body: { do: "move", number: 1, ...piece, interview_end_ms: 19_000, base: "1" } };
  const told = clashTold(move, `the time map of D01-S03-client was ${LATE}`, { pieces: [{ ...piece, pinned: true }] });
  expect(told.mine).toEqual(["Stretch 1 at interview 0:10.0–0:19.0 shows session 1:00.0–1:10.0"]);
  expect(told.theirs).toEqual(["Stretch 1: interview 0:10.0–0:20.0 shows session 1:00.0–1:10.0, pinned"]);
});

test("where the two cannot be shown nobody is asked to choose, and nothing is said twice", () => {
  const split = { method: "POST", label: "Split", body: { do: "split", number: 2, at_ms: 12_000 } };
  expect(clashTold(split, "the time map of D01-S03-client was changed meanwhile", { pieces: [piece] })).toEqual({
    said: "Split: the time map of D01-S03-client was changed meanwhile", mine: [], theirs: [],
  });
  const swap = { method: "POST", label: "Swapped", body: { do: "swap", one: "A", other: "B", base: "1" } };
  expect(clashTold(swap, "the transcript of D01-S03 was changed meanwhile; look at it anew", { key: "D01-S03" }).mine).toEqual([]);
  const moment = { method: "PATCH", label: "moment D01-S03-M01", body: { label: "x" } };
  expect(clashTold(moment, "there is no moment D01-S03-M01", null).said).toBe("There is no moment D01-S03-M01");
});

test("one's words are kept where they were refused for another reason", () => {
  const text = { method: "PATCH", label: "text of D01-S03-T001", body: { text: "Mine.", base: "a" } };
  expect(clashTold(text, "there is no segment D01-S03-T001", null)).toMatchObject({ mine: ["Mine."], theirs: [] });
  const code = { method: "POST", label: "Push on D01-S01-T001", body: { target: "D01-S01-T001", code: "push", memo: "" } };
  expect(clashTold(code, "push is retired", null).mine).toEqual(["Code: push"]);
});

test("of a code that somebody else reworded both wordings are shown", () => {
  const late = { method: "PATCH", label: "code Push", body: { definition: "Mine.", include: "Shoves.", retired: true, parent: null, base: "abc" } };
  const told = clashTold(late, `code push was ${LATE}`, { name: "Push", definition: "Theirs.", include: "", retired: false, parent: "warmth", base: "f00" });
  expect(told.mine).toEqual(["Definition: Mine.", "Given for: Shoves.", "Retired: yes", "Below: nothing"]);
  expect(told.theirs).toEqual(["Definition: Theirs.", "Given for: nothing", "Retired: no", "Below: warmth"]);
});
