/** What of the session the time axis shows. */

import { following, moved, pxOf, resized, showing, whole, zoomed, type Scale } from "../arithmetic/timescale";
import { player } from "./player.svelte";

class AxisView {
  scale: Scale = $state.raw(whole(1, 1));

  fit(totalMs: number, width: number): void {
    const long = Math.max(totalMs, 1);
    if (long !== this.scale.totalMs) this.scale = whole(long, width);
    else if (width !== this.scale.width) this.scale = resized(this.scale, width);
  }

  /** Around the playhead where it is on screen, else around the middle. */
  zoom(factor: number, px: number | null = null): void {
    const head = pxOf(this.scale, player.now());
    const middle = this.scale.width / 2;
    this.scale = zoomed(this.scale, factor, px ?? (head >= 0 && head <= this.scale.width ? head : middle));
  }

  scroll(byMs: number): void {
    this.scale = moved(this.scale, byMs);
  }

  all(): void {
    this.scale = whole(this.scale.totalMs, this.scale.width);
  }

  show(startMs: number, endMs: number): void {
    this.scale = showing(this.scale, startMs, endMs);
  }

  follow(ms: number): void {
    const next = following(this.scale, ms);
    if (next !== this.scale) this.scale = next;
  }
}

export const axis = new AxisView();
