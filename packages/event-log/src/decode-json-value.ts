import type { DeadLetterReason } from "@tollgate/contracts";

/** A Kafka value as JSON, or why it is not one. `text` is the value as it came, to be passed on. */
export type DecodedJson =
  | { readonly ok: true; readonly value: unknown; readonly text: string }
  | { readonly ok: false; readonly reason: DeadLetterReason; readonly message: string };

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Strict UTF-8, then JSON; never throws.
 * @param options.maxBytes a longer value is `TOO_LARGE` and not looked at.
 */
export function decodeJsonValue(
  bytes: Uint8Array | null,
  options: { readonly maxBytes?: number } = {},
): DecodedJson {
  if (bytes === null || bytes.length === 0) {
    return { ok: false, reason: "EMPTY", message: "has no value" };
  }
  if (options.maxBytes !== undefined && bytes.length > options.maxBytes) {
    return { ok: false, reason: "TOO_LARGE", message: `is larger than ${options.maxBytes} bytes` };
  }
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch {
    return { ok: false, reason: "NOT_UTF8", message: "is not UTF-8 text" };
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown, text };
  } catch {
    return { ok: false, reason: "NOT_JSON", message: "is not JSON" };
  }
}
