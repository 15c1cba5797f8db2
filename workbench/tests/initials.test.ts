import { expect, test } from "vitest";
import { initialsOf } from "../src/arithmetic/initials";

const signs = (...names: string[]): string[] => names.map((name) => initialsOf(names).get(name) ?? "");

test("one letter, or two of two names, where that tells people apart", () => {
  expect(signs("ben", "anna")).toEqual(["B", "A"]);
  expect(signs("Anna Berg", "Ben Ode")).toEqual(["AB", "BO"]);
});

test("who begins alike is told apart by what differs", () => {
  expect(signs("anna", "anton", "ben")).toEqual(["AN", "AT", "B"]);
  expect(signs("coder1", "coder2", "coder3")).toEqual(["C1", "C2", "C3"]);
});

test("no two have the same sign, however they are called", () => {
  for (const names of [["aab", "aba", "baa", "abb"], ["anna", "anton", "Anna Nord"], ["x", "xx", "X"], ["a1", "a", "a2"]]) {
    expect(new Set(signs(...names)).size).toBe(names.length);
  }
});
