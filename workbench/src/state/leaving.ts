/** Signing out: nobody who comes after finds anything, and nothing that was done is left behind unsaved. */

import { call, inWords } from "../api/client";
import { outbox } from "./outbox.svelte";
import { room } from "./room.svelte";
import { screen } from "./screen.svelte";
import { uploads } from "./uploads.svelte";

export async function signOut(): Promise<void> {
  if (room.recording) return screen.say("An interview is being recorded; finish it first.", true);
  if (uploads.now) return screen.say("A recording is on its way into the study; wait for it.", true);
  try {
    await outbox.drain();
    if (outbox.queue.length) return screen.say("Some changes are not saved yet; sign out once they are.", true);
    await call("POST", "/api/logout", {});
    location.reload();
  } catch (problem) {
    screen.say(inWords(problem), true);
  }
}
