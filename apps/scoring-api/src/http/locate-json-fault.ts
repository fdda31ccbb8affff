/** Where a text stops being JSON, for people: both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

type Expected = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma-or-end" | "nothing";

interface Scan {
  readonly text: string;
  readonly open: ("{" | "[")[];
  at: number;
  expected: Expected;
}

/**
 * Finds the place in a text that JSON.parse has refused: V8's message names it only sometimes. Without
 * recursion, so that a million open brackets are no danger.
 */
export function locateJsonFault(text: string): TextPlace {
  const scan: Scan = { text, open: [], at: 0, expected: "value" };
  while (skipSpace(scan) && step(scan)) {
    // step moves on
  }
  const before = text.slice(0, scan.at);
  return { line: before.split("\n").length, column: scan.at - before.lastIndexOf("\n") };
}

/** False at the end of the text. */
function skipSpace(scan: Scan): boolean {
  while (scan.at < scan.text.length && " \t\n\r".includes(scan.text.charAt(scan.at))) scan.at += 1;
  return scan.at < scan.text.length;
}

/** Takes one token; false when it is not one that may stand here. */
function step(scan: Scan): boolean {
  const character = scan.text.charAt(scan.at);
  switch (scan.expected) {
    case "nothing":
      return false;
    case "colon":
      return character === ":" && take(scan, 1, "value");
    case "comma-or-end":
      if (character === ",") return take(scan, 1, scan.open.at(-1) === "{" ? "key" : "value");
      return close(scan, character);
    case "key-or-end":
      if (character === "}") return close(scan, character);
      return character === '"' && takeString(scan, "colon");
    case "key":
      return character === '"' && takeString(scan, "colon");
    case "value-or-end":
      if (character === "]") return close(scan, character);
      return takeValue(scan, character);
    case "value":
      return takeValue(scan, character);
  }
}

function take(scan: Scan, length: number, next: Expected): boolean {
  scan.at += length;
  scan.expected = next;
  return true;
}

function close(scan: Scan, character: string): boolean {
  const opened = scan.open.at(-1);
  if ((opened === "{" && character !== "}") || (opened === "[" && character !== "]")) return false;
  scan.open.pop();
  return take(scan, 1, afterValue(scan));
}

function afterValue(scan: Scan): Expected {
  return scan.open.length === 0 ? "nothing" : "comma-or-end";
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function takeValue(scan: Scan, character: string): boolean {
  if (character === "{" || character === "[") {
    scan.open.push(character);
    return take(scan, 1, character === "{" ? "key-or-end" : "value-or-end");
  }
  if (character === '"') return takeString(scan, afterValue(scan));
  const word = ["true", "false", "null"].find((literal) => scan.text.startsWith(literal, scan.at));
  if (word !== undefined) return take(scan, word.length, afterValue(scan));
  number.lastIndex = scan.at;
  const match = number.exec(scan.text);
  return match !== null && take(scan, match[0].length, afterValue(scan));
}

const unicodeEscape = /u[0-9a-fA-F]{4}/y;

function takeString(scan: Scan, next: Expected): boolean {
  for (scan.at += 1; scan.at < scan.text.length; scan.at += 1) {
    const character = scan.text.charAt(scan.at);
    if (character === '"') return take(scan, 1, next);
    if (character < " ") return false;
    if (character !== "\\") continue;
    unicodeEscape.lastIndex = scan.at + 1;
    if (unicodeEscape.test(scan.text)) scan.at += 5;
    else if (`"\\/bfnrt`.includes(scan.text.charAt(scan.at + 1) || " ")) scan.at += 1;
    else return false;
  }
  return false;
}
