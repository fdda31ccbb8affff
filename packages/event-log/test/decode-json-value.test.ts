import { expect, test } from "vitest";
import { decodeJsonValue } from "../src/index.ts";

test.for([
  ["nothing", null, "EMPTY"],
  ["no bytes", Buffer.alloc(0), "EMPTY"],
  ["a cut multi-byte character", Buffer.from([0x22, 0xc3, 0x22]), "NOT_UTF8"],
  ["a lone surrogate in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), "NOT_UTF8"],
  ["half a document", Buffer.from('{"a":'), "NOT_JSON"],
  ["NaN", Buffer.from('{"a":NaN}'), "NOT_JSON"],
  ["a byte order mark", Buffer.from("\uFEFF{}"), "NOT_JSON"],
  ["too many bytes", Buffer.from(`"${"x".repeat(100)}"`), "TOO_LARGE"],
] as const)("%s is refused with its reason", ([, bytes, reason]) => {
  expect(decodeJsonValue(bytes, { maxBytes: 50 })).toMatchObject({ ok: false, reason });
});

test("the text is handed on as it came", () => {
  const text = '{ "a" : 1.0 }';
  expect(decodeJsonValue(Buffer.from(text))).toEqual({ ok: true, value: { a: 1 }, text });
});
