/** The keys: those that the server tells, as hands know them or as the study's own file says, and in which group. */

import type { Binding } from "./keys";

/** Where `?` shows an action; those of no group come last. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Playing: ["play", "play_outside_text", "back", "forward", "slower", "faster", "step_back", "step_forward", "jump_back",
    "jump_forward", "loop", "detach"],
  Text: ["timestamp", "speaker_1", "speaker_2", "next_speaker", "edit", "next_doubt", "previous_doubt"],
  Selecting: ["next_unit", "previous_unit", "next_segment", "previous_segment", "next_word", "previous_word", "longer",
    "shorter", "whole_turn", "clip_start", "clip_end", "select_nothing"],
  Coding: ["find_code", "recent_code", "memo", "next_coding", "remove_coding", "submit"],
  Recall: ["pin_piece", "split_piece", "start_earlier", "start_later", "end_earlier", "end_later", "stopped_by_client",
    "stopped_by_therapist", "stopped_by_interviewer"],
  Screen: ["zoom_in", "zoom_out", "zoom_all", "undo", "redo", "history", "search", "help", "mode_1", "mode_2", "mode_3",
    "mode_4", "mode_5", "mode_6"],
};

const extra = (action: string, label: string, keys: string, in_text = false) => ({ action, label, keys: keys.split(" "), in_text });

/** What the page can do besides; a study's file that names one of these keys for something else goes before. */
export const EXTRAS = [
  extra("detach", "Video in a window of its own", "Alt+v"),
  extra("edit", "Correct the selected segment", "Enter"),
  extra("next_segment", "Next segment", "Down"),
  extra("previous_segment", "Segment before", "Up"),
  extra("next_word", "Next word", "Alt+Right"),
  extra("previous_word", "Word before", "Alt+Left"),
  extra("longer", "Selection longer by a word", "Alt+Shift+Right"),
  extra("shorter", "Selection shorter by a word", "Alt+Shift+Left"),
  extra("whole_turn", "The whole turn", "Alt+t"),
  extra("select_nothing", "Select nothing", "Backspace"),
  extra("next_coding", "Next coding on this place", "Alt+o"),
  extra("submit", "Submit the assignment", "Ctrl+Shift+Enter"),
  extra("pin_piece", "Pin the chosen piece", "Alt+p"),
  extra("split_piece", "Split the chosen piece here", "Alt+x"),
  extra("zoom_all", "The whole session", "Home"),
  extra("history", "Show or hide the history", "Ctrl+h"),
];

export interface Told {
  readonly action: string;
  readonly label: string;
  readonly keys: readonly string[];
  readonly in_text: boolean;
}

export function keymap(told: readonly Told[]): Binding[] {
  const known = new Set(told.map((one) => one.action));
  const group = (action: string) => Object.keys(GROUPS).find((name) => GROUPS[name]?.includes(action)) ?? "Other";
  return [...told, ...EXTRAS.filter((one) => !known.has(one.action))].map((one) => ({
    action: one.action, label: one.label, keys: one.keys, inText: one.in_text, group: group(one.action),
  }));
}
