/** The one place that talks to the server. */

import { onPage } from "../arithmetic/places";
import type { Me } from "./shapes";

export interface Refusal {
  readonly error: string;
  readonly message: string;
  readonly theirs?: unknown;
}

/** The server answered, and said no. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly refusal: Refusal,
  ) {
    super(refusal.message);
  }
}

/** The server did not answer. */
export class Unreachable extends Error {}

/** Why something was not done, in words for people. */
export const inWords = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));

let token = "";
let person = "";

/** Who this page works for: one name in one study. */
export const personOf = (me: Pick<Me, "study_id" | "coder">): string => `${me.study_id} ${me.coder}`;

/** The mark that every write must carry, and in whose name it is made. */
export function useToken(me: Me): void {
  token = me.csrf;
  person = personOf(me);
}

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** `edit` names a write, so that one sent twice is done once. */
export async function call<T>(method: Method, path: string, body?: unknown, edit?: string): Promise<T> {
  const answer = await fetched(path, {
    method,
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(edit === undefined ? {} : { "X-Iprkit-Edit": edit }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export const get = <T>(path: string): Promise<T> => call<T>("GET", path);

export async function getText(path: string): Promise<string> {
  return (await fetched(path, { method: "GET" })).text();
}

/** A file that the server makes, with the name that it gives. */
export async function getFile(path: string): Promise<File> {
  const answer = await fetched(path, { method: "GET" });
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "file";
  return new File([await answer.blob()], name);
}

/** Bytes as they are: an upload, a stretch of the microphone. */
export async function put(method: "PUT" | "POST", path: string, body: Blob | FormData): Promise<unknown> {
  const type = body instanceof Blob ? body.type || "application/octet-stream" : undefined;
  const answer = await fetched(path, { method, body, headers: type ? { "Content-Type": type } : {} });
  return answer.status === 204 ? undefined : answer.json();
}

/** Bytes with progress, which fetch cannot tell. */
export function upload(path: string, body: Blob, told: (share: number) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("X-Iprkit-Token", token);
    request.setRequestHeader("Content-Type", body.type || "application/octet-stream");
    request.upload.onprogress = (event) => event.lengthComputable && told(event.loaded / event.total);
    request.onerror = () => reject(new Unreachable("The server does not answer."));
    request.onload = () => {
      const answer: unknown = parsed(request.responseText);
      if (request.status < 300) resolve(answer);
      else reject(new Refused(request.status, refusalOf(request.status, answer)));
    };
    request.send(body);
  });
}

async function fetched(path: string, init: RequestInit): Promise<Response> {
  let answer = await sent(path, init);
  if (answer.status === 403 && init.method !== "GET" && (await renewed())) answer = await sent(path, init);
  if (!answer.ok) throw new Refused(answer.status, refusalOf(answer.status, parsed(await answer.text())));
  return answer;
}

/** Whether the server has a new mark for the same person, as after it was started anew. */
async function renewed(): Promise<boolean> {
  const me = await get<Me>("/api/me");
  if (personOf(me) !== person) throw new Refused(401, { error: "not_signed_in", message: `${me.coder} is signed in here by now.` });
  const fresh = me.csrf !== token;
  token = me.csrf;
  return fresh;
}

async function sent(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  if (init.method !== "GET") headers.set("X-Iprkit-Token", token);
  try {
    return await fetch(path, { ...init, headers, credentials: "same-origin" });
  } catch {
    throw new Unreachable("The server does not answer.");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refusalOf(status: number, answer: unknown): Refusal {
  if (answer && typeof answer === "object" && "message" in answer) {
    const told = answer as Refusal;
    return { ...told, message: onPage(told.message) };
  }
  return { error: `http_${status}`, message: `The server refused this (${status}).` };
}
