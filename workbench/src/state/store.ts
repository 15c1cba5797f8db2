/** What must outlive a closed tab: edits that the server has not taken yet, stretches of the microphone, and notes. It
belongs to one person in one study; whoever else uses this browser or this address finds nothing of it. */

export type Shelf = "edits" | "chunks";

let owner = "";

/** From now on the store is that of this person in this study. */
export function belongTo(whose: string): void {
  owner = whose;
}

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("iprkit", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("edits", { keyPath: "id" });
      request.result.createObjectStore("chunks", { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The browser's store cannot be opened."));
  });
  return opened;
}

async function within<T>(shelf: Shelf, mode: IDBTransactionMode, job: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await database();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(shelf, mode);
    const request = job(transaction.objectStore(shelf));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error ?? new Error("The browser's store refused."));
  });
}

export const keep = (shelf: Shelf, value: { id: string }): Promise<unknown> =>
  within(shelf, "readwrite", (store) => store.put({ ...value, owner }));

export const drop = (shelf: Shelf, id: string): Promise<unknown> =>
  within(shelf, "readwrite", (store) => store.delete(id));

/** Everything on the shelf, in order of its ids. */
export async function kept<T>(shelf: Shelf): Promise<T[]> {
  const all: (T & { owner: string })[] = await within(shelf, "readonly", (store) => store.getAll());
  return all.filter((one) => one.owner === owner);
}

/** A small thing by its name; null forgets it. */
export function note(name: string, value: unknown): void {
  if (value === null) localStorage.removeItem(placeOf(name));
  else localStorage.setItem(placeOf(name), JSON.stringify(value));
}

export const noted = <T>(name: string): T | null => JSON.parse(localStorage.getItem(placeOf(name)) ?? "null") as T | null;

const placeOf = (name: string): string => `iprkit-${name} ${owner}`;

/** An id that sorts by the time it was made. */
export function orderedId(): string {
  made += 1;
  return `${Date.now().toString(36).padStart(9, "0")}-${String(made).padStart(5, "0")}-${crypto.randomUUID().slice(0, 8)}`;
}

let made = 0;

/** One tab at a time; where the browser has no locks, each tab for itself. */
export async function alone<T>(name: string, job: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request(name, job) : job();
}
