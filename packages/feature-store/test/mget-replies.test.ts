import fc from "fast-check";
import { expect, test } from "vitest";
import { createMgetReplies, type MgetReply } from "../src/mget-replies.ts";

type Value = Uint8Array | null;

function encoded(reply: readonly Value[] | string): Buffer {
  if (typeof reply === "string") return Buffer.from(`-${reply}\r\n`);
  const values = reply.map((value) =>
    value === null
      ? Buffer.from("$-1\r\n")
      : Buffer.concat([Buffer.from(`$${value.length}\r\n`), value, end]),
  );
  return Buffer.concat([Buffer.from(`*${reply.length}\r\n`), ...values]);
}

const end = Buffer.from("\r\n");

/** Plain values, so that a view and a copy of the same bytes compare as equal. */
function plain(reply: readonly Value[] | string | MgetReply): unknown {
  if (typeof reply === "string") return reply;
  if ("error" in reply) return reply.error;
  return reply.map((value) => (value === null ? null : Buffer.from(value).toString("hex")));
}

function repliesOf(chunks: readonly Buffer[]): readonly unknown[] {
  const replies: unknown[] = [];
  const parser = createMgetReplies((reply) => replies.push(plain(reply)));
  for (const chunk of chunks) parser.take(chunk);
  return replies;
}

const value = fc.option(fc.uint8Array({ maxLength: 40 }));
const reply = fc.oneof(fc.array(value, { maxLength: 6 }), fc.constantFrom("NOPERM no rights", "LOADING"));

test("replies come out whole and in order, wherever the connection cuts them", () => {
  fc.assert(
    fc.property(
      fc.array(reply, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
      (replies, lengths) => {
        const bytes = Buffer.concat(replies.map(encoded));
        const chunks: Buffer[] = [];
        for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
          const until = from + (lengths[turn % lengths.length] ?? 1);
          chunks.push(bytes.subarray(from, until));
          from = until;
        }
        expect(repliesOf(chunks)).toEqual(replies.map(plain));
      },
    ),
  );
});

test.each([":1\r\n", "+OK\r\n", "*1\r\n:7\r\n", "*1\r\n*0\r\n", "_\r\n"])(
  "%j is no reply to MGET, and nothing after it is taken for one",
  (text) => {
    expect(() => repliesOf([Buffer.from(text)])).toThrow(/where a reply to MGET has/u);
  },
);
