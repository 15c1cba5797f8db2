/** What researchers do to the study's codebooks. Who asks is told what was refused, and keeps what they wrote. */

import { get, put, Refused } from "../api/client";
import type { Code, Codebook, CodebookEdit, CodeEdit, CodeMove, Listed, NewCode, NewCodebook, NewScale } from "../api/shapes";
import { counted } from "../arithmetic/codes";
import { desk } from "./desk.svelte";
import { outbox, type Edit } from "./outbox.svelte";
import { screen } from "./screen.svelte";

/** Bytes of a file that the server takes here. */
const LARGEST = 5_000_000;

/** The library's codebooks that the study has not taken in. */
export async function offered(): Promise<Listed[]> {
  return (await get<Listed[]>("/api/codebooks")).filter((one) => !one.pinned);
}

/** The version that the library has of a codebook of the study, where that is another one. */
export async function newerInLibrary(book: Codebook): Promise<string | null> {
  const listed = (await get<Listed[]>("/api/codebooks")).find((one) => one.name === book.name);
  return listed?.library_version && listed.library_version !== book.version ? listed.library_version : null;
}

/** Takes a codebook of the library into the study, and chooses it. Raises Refused. */
export async function takeIn(one: Listed): Promise<void> {
  await written({ method: "POST", path: "/api/codebooks", label: `codebook ${one.title}`, body: { name: one.name } });
  desk.choose(one.name);
  screen.say(`${one.title} is in the study`, true);
}

/** Begins an own codebook, and chooses it. Raises Refused. */
export async function begin(book: NewCodebook): Promise<void> {
  const made = await written({ method: "POST", path: "/api/codebooks/own", label: `codebook ${book.title}`, body: { ...book } });
  if (made) desk.choose(made.name);
  screen.say(`${book.title} is begun`, true);
}

/** Takes the codebook in a file into the study, and chooses it. Raises Refused, Unreachable. */
export async function bringIn(file: File, name: string): Promise<void> {
  const query = new URLSearchParams({ file: file.name, ...(name ? { name } : {}) });
  const made = await sent("POST", `/api/codebooks/import?${query}`, file);
  desk.choose(made.name);
  screen.say(`${made.title || made.name} is in the study, with ${counted(made.codes.length, "code")}`, true);
}

/** Brings a codebook to what a file says, or without one to the library's version. Raises Refused, Unreachable. */
export async function bringUpToDate(book: Codebook, file: File | null): Promise<void> {
  if (file) await sent("PUT", `${placeOf(book.name)}?${new URLSearchParams({ file: file.name })}`, file);
  else await written({ method: "POST", path: `${placeOf(book.name)}/update`, label: `codebook ${book.name}`, body: {} });
  screen.say(`${book.title || book.name} is brought up to date`, true);
}

/** Changes what a codebook says of itself. Raises Refused. */
export async function changeBook(book: Codebook, change: CodebookEdit): Promise<void> {
  const label = `codebook ${book.title || book.name}`;
  if (await written({ method: "PATCH", path: placeOf(book.name), label, body: { ...change } })) screen.say(`${label} changed`, true);
}

/** Gives a codebook a scale, or changes it; the codebook then, null where somebody else was faster. Raises Refused. */
export async function setScale(book: Codebook, scale: NewScale): Promise<Codebook | null> {
  const label = `scale ${scale.name}`;
  const now = await written({ method: "POST", path: `${placeOf(book.name)}/scales`, label, body: { ...scale } });
  if (now) screen.say(`${label} is saved`, true);
  return now;
}

/** A new code, which is then shown. Raises Refused. */
export async function addCode(book: Codebook, code: NewCode): Promise<void> {
  const now = await written({ method: "POST", path: `${placeOf(book.name)}/codes`, label: `code ${code.name}`, body: { ...code } });
  pickNew(book, now);
  screen.say(`${code.name} added`, true);
}

/** Changes what a code says of itself, as it was when `base` was seen; whether that is stored. Raises Refused. */
export async function changeCode(codebook: string, code: Code, change: CodeEdit): Promise<boolean> {
  return (await written({ method: "PATCH", path: placeOf(codebook, code), label: `code ${code.name}`, body: { ...change } })) !== null;
}

/** Puts a code, and all below it, elsewhere. Raises Refused. */
export async function moveCode(book: Codebook, code: Code, where: CodeMove): Promise<void> {
  const body = { ...where, base: code.version };
  if (await written({ method: "POST", path: `${placeOf(book.name, code)}/move`, label: `moving ${code.name}`, body })) screen.say(`${code.name} moved`, true);
}

/** Lets one code stand for others, and shows it. Raises Refused. */
export async function mergeCodes(book: Codebook, codes: readonly Code[], into: Code): Promise<void> {
  const names = codes.map((one) => one.name).join(", ");
  const body = { codes: codes.map((one) => one.key), into: into.key };
  await written({ method: "POST", path: `${placeOf(book.name)}/merge`, label: `merging ${names} into ${into.name}`, body });
  screen.pick(`${book.name}:${into.key}`);
  screen.say(`${names} ${codes.length === 1 ? "goes" : "go"} by the name of ${into.name} now`, true);
}

/** Puts new codes in the place of one, and shows the first. Raises Refused. */
export async function splitCode(book: Codebook, code: Code, names: readonly string[], base: string): Promise<void> {
  const now = await written({ method: "POST", path: `${placeOf(book.name, code)}/split`, label: `splitting ${code.name}`, body: { names: [...names], base } });
  if (!now) return;
  pickNew(book, now);
  screen.say(`${code.name} is split into ${names.join(", ")}`, true);
}

type Asked = Omit<Edit, "id" | "paint">;

/** The codebook as it is once this is done; null where somebody else was faster, which is shown among the conflicts. */
async function written(asked: Asked): Promise<Codebook | null> {
  try {
    const answer = await outbox.send<{ codebook: Codebook }>({ ...asked, renumbers: true });
    await desk.renewCodebooks();
    return answer.codebook;
  } catch (problem) {
    if (problem instanceof Refused && problem.refusal.theirs) {
      await desk.renewCodebooks();
      return null;
    }
    // It is told where it was asked.
    if (problem instanceof Refused) outbox.clashes.filter((one) => one.edit.label === asked.label).forEach((one) => outbox.dismiss(one));
    throw problem;
  }
}

/** A file as it is. One that the server would not take is not sent. */
async function sent(method: "POST" | "PUT", path: string, file: File): Promise<Codebook> {
  if (file.size > LARGEST) throw new Error(`${file.name} is larger than the ${LARGEST / 1_000_000} MB that are taken here.`);
  const { codebook } = (await put(method, path, file)) as { codebook: Codebook };
  await desk.renewCodebooks();
  return codebook;
}

/** Shows the first code that was not there before. */
function pickNew(before: Codebook, now: Codebook | null): void {
  const known = new Set(before.codes.map((one) => one.key));
  const made = now?.codes.find((one) => !known.has(one.key));
  if (now && made) screen.pick(`${now.name}:${made.key}`);
}

const placeOf = (codebook: string, code?: Code): string =>
  `/api/codebooks/${encodeURIComponent(codebook)}${code ? `/codes/${encodeURIComponent(code.key)}` : ""}`;
