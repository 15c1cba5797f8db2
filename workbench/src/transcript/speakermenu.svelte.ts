/** Which segment's speaker is being put right. */

import type { Segment } from "../api/shapes";

class SpeakerMenu {
  segment: Segment | null = $state.raw(null);
  open(segment: Segment): void { this.segment = segment; }
  close(): void { this.segment = null; }
}

export const speakerMenu = new SpeakerMenu();
