/** The lanes of the time axis, from top to bottom, made of what lies on the desk. Pure: values in, lanes out. */

import type { Adjudication, Code, Coding, Comment, MapPiece, Moment, Recall, Segment, Stretch } from "../api/shapes";
import type { Kept } from "../arithmetic/kept";
import { laidOut, type Bar, type Laid } from "../arithmetic/lanes";

export interface LaneBar extends Bar {
  /** A code's colour, or the name of one of the page's colours. */
  readonly colour: string;
  /** Written on the bar where there is room: colour is never the only sign. */
  readonly sign: string;
  /** Said when it is pointed at. */
  readonly title: string;
  readonly kind: "coding" | "moment" | "comment" | "segment" | "piece" | "settled" | "stretch";
  /** Drawn with a dashed edge: its words changed, or it is not sure. */
  readonly unsure?: boolean;
}

export interface Lane {
  readonly id: string;
  readonly label: string;
  readonly kind: "wave" | "bars" | "pins";
  readonly top: number;
  readonly height: number;
  readonly rowHeight: number;
  /** Its rows have no room for what is written on their bars, unless it is unfolded. */
  readonly folds?: boolean;
  readonly laid: readonly Laid<LaneBar>[];
}

export interface Ground {
  readonly segments: readonly Segment[];
  readonly codings: readonly Coding[];
  readonly settled: readonly Adjudication[];
  readonly stretches: readonly Stretch[];
  readonly recalls: readonly Recall[];
  readonly moments: readonly Moment[];
  readonly codes: ReadonlyMap<string, Code>;
  readonly hasMemos: boolean;
  /** An interview has its own clock, on which only its voice and speakers lie. */
  readonly isSession: boolean;
  /** Lanes, by id, that are as high as their rows want. */
  readonly unfolded: ReadonlySet<string>;
}

/** A lane that needs more room than this gets thinner rows. */
const MOST_HEIGHT = 42;
export const WAVE_HEIGHT = 34;

/** A lane to be: what it is made from, and how. */
interface Plan {
  readonly id: string;
  readonly from: readonly unknown[];
  readonly make: () => Unplaced;
}

type Unplaced = Omit<Lane, "top">;

const GAP = 3;

/** A lane that stays as it was is the same object as in `kept`. */
export function lanesOf(ground: Ground, kept: Kept<Lane>): Lane[] {
  let top = 0;
  return plans(ground).map(({ id, from, make }) => {
    const at = top;
    const lane = kept.of(id, [at, ...from], () => ({ ...make(), top: at }));
    top += lane.height + GAP;
    return lane;
  });
}

function plans(ground: Ground): Plan[] {
  const { segments, settled, stretches, recalls, moments, codes } = ground;
  const first = [plain("wave", "Sound", "wave", WAVE_HEIGHT), ...(ground.hasMemos ? [plain("memos", "Memos", "pins", 24)] : [])];
  const all = [...first, { id: "speakers", from: [segments], make: () => speakerLane(segments) }];
  if (!ground.isSession) return all;
  all.push(...coderPlans(ground));
  if (settled.length) all.push({ id: "settled", from: [codes, ...settled], make: () => settledLane(settled, codes) });
  if (stretches.length) all.push({ id: "agreement", from: stretches, make: () => stretchLane(stretches) });
  all.push(...recalls.flatMap(recallPlans));
  if (moments.length) all.push({ id: "moments", from: moments, make: () => bars("moments", "Moments", moments.map(momentBar), 13) });
  return all;
}

function plain(id: string, label: string, kind: Lane["kind"], height: number): Plan {
  return { id, from: [], make: () => ({ id, label, kind, height, rowHeight: height, laid: [] }) };
}

function bars(id: string, label: string, all: LaneBar[], rowHeight: number, unfolded?: boolean): Unplaced {
  const { laid, rows } = laidOut(all);
  const most = unfolded ? Infinity : Math.max(MOST_HEIGHT, rowHeight);
  const height = Math.max(Math.min(rows * rowHeight, most), 14);
  const folds = unfolded !== undefined && rows * rowHeight > MOST_HEIGHT;
  return { id, label, kind: "bars", height, rowHeight: height / Math.max(rows, 1), folds, laid };
}

function speakerLane(segments: readonly Segment[]): Unplaced {
  const voices = [...new Set(segments.map((one) => one.speaker ?? "?"))].sort();
  const laid = segments.map((one) => ({
    row: voices.indexOf(one.speaker ?? "?"),
    bar: {
      key: one.key, startMs: one.start_ms, endMs: one.end_ms, colour: roleColour(one.role), sign: letter(one.role, one.speaker),
      title: `${one.role ?? one.speaker ?? "unknown"}: ${one.text}`, kind: "segment" as const,
    },
  }));
  const rows = Math.max(voices.length, 1);
  return { id: "speakers", label: "Speakers", kind: "bars", height: rows * 13, rowHeight: 13, laid };
}

export function roleColour(role: string | null): string {
  return role === "therapist" ? "--therapist" : role === "client" ? "--client" : "--other";
}

export function letter(role: string | null, speaker: string | null): string {
  return (role ?? speaker ?? "?").slice(0, 1).toUpperCase();
}

function coderPlans({ codings, codes, unfolded }: Ground): Plan[] {
  const by = new Map<string, Coding[]>();
  for (const one of codings) (by.get(one.coder) ?? by.set(one.coder, []).get(one.coder))?.push(one);
  return [...by].sort(([a], [b]) => (a < b ? -1 : 1)).map(([coder, theirs]): Plan => {
    const id = `coder-${coder}`;
    const high = unfolded.has(id);
    return { id, from: [codes, high, ...theirs], make: () => bars(id, coder, theirs.map((one) => codingBar(one, codes)), 12, high) };
  });
}

export function codeSign(code: Code | undefined, key: string): string {
  return code?.shortcut?.toUpperCase() ?? key.slice(0, 2).toUpperCase();
}

function codingBar(one: Coding, codes: ReadonlyMap<string, Code>): LaneBar {
  const code = codes.get(`${one.codebook}:${one.code}`);
  return {
    key: one.key, startMs: one.start_ms, endMs: one.end_ms, colour: code?.shown_colour ?? "--other",
    sign: `${code?.name ?? one.code}${one.rating === null ? "" : ` ${one.rating}`}`,
    title: `${code?.name ?? one.code}${one.rating === null ? "" : `, ${one.rating}`} · ${one.coder}`,
    kind: "coding", unsure: one.moved !== null,
  };
}

function settledLane(settled: Ground["settled"], codes: Ground["codes"]): Unplaced {
  const all = settled.map((one): LaneBar => {
    const code = codes.get(`${one.codebook}:${one.code}`);
    return {
      key: one.key, startMs: one.start_ms, endMs: one.end_ms, colour: code?.shown_colour ?? "--good",
      sign: `✓ ${code?.name ?? one.code}`, title: `settled: ${code?.name ?? one.code}. ${one.reason}`, kind: "settled",
    };
  });
  return bars("settled", "Settled", all, 12);
}

function stretchLane(stretches: readonly Stretch[]): Unplaced {
  const all = stretches.map((one): LaneBar => ({
    key: `${one.start_ms}`, startMs: one.start_ms, endMs: one.end_ms, colour: one.agree ? "--good" : "--bad",
    sign: one.agree ? "=" : "≠", title: one.agree ? "coders agree" : "coders differ", kind: "stretch", unsure: !one.agree,
  }));
  return bars("agreement", "Agreement", all, 13);
}

function recallPlans(recall: Recall): Plan[] {
  const [said, map, who] = [`recall-${recall.key}`, `map-${recall.key}`, title(recall.participant)];
  return [
    { id: said, from: [recall], make: () => bars(said, `${who} recall`, commentBars(recall), 14) },
    { id: map, from: [recall], make: () => bars(map, `${who} watched`, recall.map.map((one) => pieceBar(one, recall.key)), 9) },
  ];
}

function commentBars({ participant: who, comments }: Recall): LaneBar[] {
  return comments.filter(isPlaced).map((one): LaneBar => ({
    key: one.key, startMs: one.session_start_ms, endMs: one.session_end_ms, colour: roleColour(who), sign: one.text,
    title: `${who}’s recall: ${one.text}`, kind: "comment", unsure: one.moved,
  }));
}

function isPlaced(one: Comment): one is Comment & { session_start_ms: number; session_end_ms: number } {
  return one.session_start_ms !== null && one.session_end_ms !== null;
}

function pieceBar(one: MapPiece, interview: string): LaneBar {
  return {
    key: `${interview}#${one.number}`, startMs: one.session_start_ms, endMs: one.session_end_ms, colour: "--ink-soft",
    sign: one.pinned ? "pinned" : "", title: `played in the interview (${one.source})`, kind: "piece",
    unsure: !one.pinned && (one.confidence ?? 1) < 0.6,
  };
}

function momentBar(one: Moment): LaneBar {
  return {
    key: one.key, startMs: one.start_ms, endMs: one.end_ms, colour: "--accent", sign: one.label ?? one.key.split("-").at(-1) ?? "",
    title: `${one.key}: ${one.label ?? `marked by ${one.source}`}`, kind: "moment", unsure: one.moved,
  };
}

const title = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
