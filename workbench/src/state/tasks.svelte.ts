/** What the open mode lends to the keyboard; where it lends nothing, the key does nothing. */

export type Edge = "start" | "end";

class Tasks {
  /** The text that is being corrected is done; ``on``: the next one is to follow. */
  save: (on: boolean) => boolean = () => false;
  stamp: () => boolean = () => false;
  /** The selected words or segment belong to the speaker of this place in the list. */
  give: (speaker: number) => boolean = () => false;
  giveNext: () => boolean = () => false;
  doubt: (by: 1 | -1) => boolean = () => false;
  unit: (by: 1 | -1) => boolean = () => false;
  submit: () => boolean = () => false;
  piece: (what: "pin" | "split") => boolean = () => false;
  nudge: (edge: Edge, byMs: number) => boolean = () => false;
  /** Closer by this factor; 0: all. */
  zoom: (factor: number) => boolean = () => false;
  stopped: (by: string) => boolean = () => false;

  /** Lends jobs as long as a component lives; gives back how to take them back. */
  lend(jobs: Partial<Omit<Tasks, "lend">>): () => void {
    Object.assign(this, jobs);
    const none = Object.fromEntries(Object.keys(jobs).map((name) => [name, () => false]));
    return () => void Object.assign(this, none);
  }
}

export const tasks = new Tasks();
