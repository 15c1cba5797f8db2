/** What researchers do to the study's codebooks. Who asks is told what was refused, and keeps what they wrote. */

import { get, Refused } from "../api/client";
import type { Code, Codebook, CodeEdit, Listed, NewCode } from "../api/shapes";
import { desk } from "./desk.svelte";
import { outbox, type Edit } from "./outbox.svelte";
import { screen } from "./screen.svelte";

/** The library's codebooks that the study has not taken in. */
export async function offered(): Promise<Listed[]> {
  return (await get<Listed[]>("/api/codebooks")).filter((one) => !one.pinned);
}

/** Takes a codebook of the library into the study, and chooses it. Raises Refused. */
export async function takeIn(one: Listed): Promise<void> {
  await written({ method: "POST", path: "/api/codebooks", label: `codebook ${one.title}`, body: { name: one.name } });
  desk.choose(one.name);
  screen.say(`${one.title} is in the study`, true);
}

/** A new code, which is then shown. Raises Refused. */
export async function addCode(book: Codebook, code: NewCode): Promise<void> {
  const before = new Set(book.codes.map((one) => one.key));
  const now = await written({ method: "POST", path: `${placeOf(book.name)}/codes`, label: `code ${code.name}`, body: { ...code } });
  const made = now.codes.find((one) => !before.has(one.key));
  if (made) screen.pick(`${now.name}:${made.key}`);
  screen.say(`${code.name} added`, true);
}

/** Changes what a code says of itself. Raises Refused. */
export async function changeCode(codebook: string, code: Code, change: CodeEdit): Promise<void> {
  await written({ method: "PATCH", path: `${placeOf(codebook)}/codes/${encodeURIComponent(code.key)}`, label: `code ${code.name}`, body: { ...change } });
}

type Asked = Omit<Edit, "id" | "paint">;

/** The codebook as it is once this is done. */
async function written(asked: Asked): Promise<Codebook> {
  try {
    const answer = await outbox.send<{ codebook: Codebook }>(asked);
    await desk.renewCodebooks();
    return answer.codebook;
  } catch (problem) {
    // It is told where it was asked.
    if (problem instanceof Refused) outbox.clashes.filter((one) => one.edit.label === asked.label).forEach((one) => outbox.dismiss(one));
    throw problem;
  }
}

const placeOf = (codebook: string): string => `/api/codebooks/${encodeURIComponent(codebook)}`;
