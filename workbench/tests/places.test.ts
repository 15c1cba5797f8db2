import { describe, expect, it } from "vitest";
import { onPage } from "../src/arithmetic/places";

describe("a refusal", () => {
  it.each([
    ["D01-S03 is not transcribed yet; try: iprkit transcribe D01-S03", "D01-S03 is not transcribed yet; try: Transcribe"],
    ["see them with: iprkit transcript show D01-S03", "see them with: Transcribe"],
    ["try: iprkit link D01-S03-client; then go on", "try: Link recall; then go on"],
    ["name the speakers: iprkit speakers D01-S03 A=therapist", "name the speakers: Transcribe, at a speaker’s name"],
    ["it was settled (see: iprkit adjudicate), and stays", "it was settled (see: Adjudicate), and stays"],
    ["take it back with: iprkit undo", "take it back with: Undo"],
    ["see yours with: iprkit code list", "see yours with: Code"],
    ["pin it with: iprkit codebook add 3rs-2022", "pin it with: the codebook at the left, in Code"],
    ["Note it with: iprkit recall allow KEY --quote; or leave these out: --leave-out", "Note it with: Link recall, at each comment; or leave these out"],
    ["or bring that one up to date with: iprkit codebook update cis", "or bring that one up to date with: the codebook at the left, in Code"],
    ["to code otherwise: iprkit codebook edit cis --unit turn", "to code otherwise: the codebook at the left, in Code"],
    ["no comment K9 in this study; try: iprkit recall show KEY", "no comment K9 in this study; try: Link recall"],
    ["there is no dyad D09; try: iprkit dyad add D09", "there is no dyad D09; try: Transcribe, at the left"],
    ["see its keys with: iprkit status", "see its keys with: the list at the left"],
    ["none yet; try: iprkit recall add", "none yet; try: Transcribe, at the left"],
  ])("names the place on the page: %s", (told, shown) => expect(onPage(told)).toBe(shown));

  it.each([
    "find it with: iprkit relink DIR",
    "try: iprkit doctor",
    "import it with: iprkit code import sheet.csv",
    "if not, add the other one first: iprkit dyad add D01 --client C02",
    "delete it with: iprkit speakers D01 --forget-voices",
  ])("says so where only a terminal can do it: %s", (told) => expect(onPage(told)).toBe(`${told} (in a terminal)`));

  it.each([
    "this server answers only under the address that iprkit open printed",
    "choose another key: codes are named once",
  ])("stays as it is where it holds no command: %s", (told) => expect(onPage(told)).toBe(told));
});
