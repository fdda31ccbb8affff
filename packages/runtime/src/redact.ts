import { isIP, isIPv6 } from "node:net";

/** What stands in a log line instead of what must not be in one. */
export const redacted = "[redacted]";

/**
 * A copy without card tokens, addresses and keys: by the name of a field, and by how a text looks. Errors
 * keep name, message, stack and cause, each cleaned the same way.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "function") return redacted;
  if (typeof value !== "object" || value === null) return value;
  if (depth >= maxDepth) return redacted;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return redacted;
  if (value instanceof Error) return redactedError(value, depth);
  if (value instanceof Map || value instanceof Set) return redact([...value], depth);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  const entries = Object.entries(value).map(([key, item]) => [
    redactText(key),
    isSensitive(key) && item !== undefined && item !== null ? redacted : redact(item, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

/** Deeper than any field of ours; beyond it nothing is written. */
const maxDepth = 6;

function redactedError(error: Error, depth: number): unknown {
  const { name, message, stack, cause } = error;
  const own = redact(Object.fromEntries(Object.entries(error)), depth + 1);
  return {
    ...(own as object),
    name,
    message: redactText(message),
    stack: stack === undefined ? undefined : redactText(stack),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
  };
}

const sensitiveWords =
  "card|cardid|cardtoken|cardnumber|pan|cvv|partitionkey|entitykey|customerid|deviceid|terminalip|ip|" +
  "ipaddress|clientip|remoteaddress|xforwardedfor|forwarded|apikey|key|keys|authorization|cookie|password|" +
  "secret|token|accesstoken";
const sensitiveNames = new Set(sensitiveWords.split("|"));

function isSensitive(name: string): boolean {
  return sensitiveNames.has(name.toLowerCase().replaceAll(/[_\-.\s]/gu, ""));
}

/** A text without what looks like a card token, an address or a key. */
export function redactText(text: string): string {
  let clean = text;
  for (const { pattern, replace } of textRules) clean = clean.replaceAll(pattern, replace);
  return clean;
}

interface TextRule {
  readonly pattern: RegExp;
  readonly replace: (...match: string[]) => string;
}

const textRules: readonly TextRule[] = [
  // A private key in PEM, whole; the end may be cut off.
  {
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu,
    replace: () => redacted,
  },
  // Our own API keys, as create-api-key writes them.
  { pattern: /tollgate_[A-Za-z0-9_-]{43}/gu, replace: () => redacted },
  { pattern: /\b(Bearer|Basic) +[^\s"',;]+/giu, replace: (_all, scheme = "") => `${scheme} ${redacted}` },
  // Tokens in running text, by the forms engagements give them; "card-payments" is no token.
  { pattern: /(?<![A-Za-z])(?:(?:card|customer)-\d[\w-]*|tok_\w+)/giu, replace: () => redacted },
  // User and password of a URL.
  { pattern: /(:\/\/)[^\s/@"']+@/gu, replace: (_all, start = "") => `${start}${redacted}@` },
  // Keys of the feature store: the braces hold an entity's key.
  {
    pattern: /\b(state:[\w-]+|claim):\{[^{}\s]*\}(:[^\s"'\\,)]+)?/gu,
    replace: (_all, start = "") => `${start}:{${redacted}}`,
  },
  // `cardId=…`, `"cardId":"…"`, `\"cardId\": \"…\"`, `(card_id)=(…)`, as errors quote what they got.
  {
    pattern: /([A-Za-z][\w-]{1,20})((?:\\*["'])?\)? ?[=:] ?\(?)((?:\\*["'])?)([^\s"'\\,;(){}[\]]+)/gu,
    replace: (all, name = "", between = "", quote = "") =>
      isNamedInText(name) ? `${name}${between}${quote}${redacted}` : all,
  },
  { pattern: /(?<![\w.])[3-6]\d(?:[ -]?\d){10,17}(?![\w.])/gu, replace: (all) => cardNumber(all) },
  { pattern: /(?<![\w:])[\da-f]*:[\da-f]*:[\da-f:.]*/giu, replace: (all) => withoutAddress(all) },
  { pattern: /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\w)/gu, replace: (all) => withoutAddress(all) },
];

/** In running text "key:" and "token:" introduce an explanation; the longer names are always a field. */
const wordsOfProse = new Set(["key", "keys", "card", "pan", "forwarded", "basic"]);

function isNamedInText(name: string): boolean {
  return isSensitive(name) && !wordsOfProse.has(name.toLowerCase());
}

function cardNumber(text: string): string {
  return passesLuhn(text.replaceAll(/\D/gu, "")) ? redacted : text;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Loopback and "every interface" tell nothing of anybody, and an operator needs them. */
function withoutAddress(text: string): string {
  const end = /[.:]*$/u.exec(text)?.index ?? text.length;
  const candidate = isIP(text) === 0 ? text.slice(0, end) : text;
  if (isIP(candidate) === 0) return text;
  const harmless = isIPv6(candidate)
    ? /^(?:::1?)$/u.test(candidate)
    : /^(?:127\.|0\.0\.0\.0$)/u.test(candidate);
  return harmless ? text : redacted + text.slice(candidate.length);
}
