import { expect, it } from "vitest";
import { neighbours } from "../src/arithmetic/moments";

const moment = (key: string, start_ms: number, end_ms: number) => ({ key, label: null, start_ms, end_ms });

it("offers the moments beside one and those that overlap it", () => {
  const all = [moment("M04", 70, 90), moment("M01", 0, 60), moment("M02", 10, 20), moment("M03", 50, 65), moment("M05", 95, 99)];
  const told = (key: string) => neighbours(all, all.find((one) => one.key === key)!).map((one) => `${one.moment.key}: ${one.said}`);
  expect(told("M03")).toEqual(["M01: M01, which overlaps", "M02: the one before", "M04: the one after"]);
  expect(told("M05")).toEqual(["M04: the one before"]);
});
