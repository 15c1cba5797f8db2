/** Where on the page that is done which a refusal words for the command line. */

const PLACES: readonly [RegExp, string][] = [
  [/^(transcribe|transcript)\b/, "Transcribe"],
  [/^recording add\b/, "Transcribe"],
  [/^dyad add [^-]*$|^(session|recall) add\b/, "Transcribe, at the left"],
  [/^(link|map)\b|^recall show\b/, "Link recall"],
  [/^recall allow\b/, "Link recall, at each comment"],
  [/^speakers\b(?!.*--forget-voices)/, "Transcribe, at a speaker’s name"],
  [/^adjudicate\b/, "Adjudicate"],
  [/^undo\b/, "Undo"],
  [/^code (?!import)|^(moments|moment|assign)\b/, "Code"],
  [/^codebook (?!export)/, "the codebook at the left, in Code"],
  [/^status\b/, "the list at the left"],
  [/^coder add\b/, "Assign coding, in Code"],
];

/** A command reaches up to the end, a semicolon or the bracket that it stands in. */
const COMMAND = /: iprkit ([a-z][^;)]*)/g;

/** The sentence with the page's own place instead of a command; what only a terminal can do says so. */
export function onPage(message: string): string {
  const placed = message.replace(COMMAND, (whole, command: string) => {
    const place = PLACES.find(([words]) => words.test(command))?.[1];
    return place ? `: ${place}` : `${whole} (in a terminal)`;
  });
  return placed.replace(": --leave-out", "");
}
