/** How far long work is between two tellings: it goes on at its pace, but never to the end before that is told. */

export interface Told {
  readonly part: number;
  readonly of: number;
  readonly seconds_left: number | null;
  /** The seconds since this was so, when it was told. */
  readonly age_s: number;
}

export interface Now {
  /** 0 to 1. */
  readonly share: number;
  readonly secondsLeft: number | null;
}

/** Of what was left when it was told, this much may pass without news. */
const MOST = 0.9;

export function moving(told: Told, sinceS: number): Now {
  const share = told.of > 0 ? told.part / told.of : 0;
  if (told.seconds_left === null) return { share, secondsLeft: null };
  const gone = Math.min(Math.max(told.age_s + sinceS, 0), told.seconds_left * MOST);
  if (told.seconds_left === 0) return { share, secondsLeft: 0 };
  return { share: share + (1 - share) * (gone / told.seconds_left), secondsLeft: told.seconds_left - gone };
}

/** "43 %, about 2 min left". */
export function written({ share, secondsLeft }: Now): string {
  const percent = `${Math.floor(100 * share)} %`;
  if (secondsLeft === null) return `${percent}; how long it takes is seen with the first excerpt`;
  if (secondsLeft < 90) return `${percent}, about ${Math.max(Math.ceil(secondsLeft / 5) * 5, 5)} s left`;
  return `${percent}, about ${Math.round(secondsLeft / 60)} min left`;
}
