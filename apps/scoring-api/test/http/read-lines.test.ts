import fc from "fast-check";
import { expect, test } from "vitest";
import { readLines } from "../../src/http/read-lines.ts";

async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer, void, undefined> {
  let from = 0;
  for (const size of sizes) {
    yield bytes.subarray(from, from + size);
    from += size;
  }
  yield bytes.subarray(from);
}

test("whatever pieces a body comes in, its lines are the same: none lost or cut", async () => {
  const lineBytes = 12;
  const line = fc.string({ unit: fc.constantFrom("a", "ü", " ", "\r", "{"), maxLength: 20 });
  const property = fc.asyncProperty(
    fc.array(line, { maxLength: 30 }),
    fc.array(fc.nat({ max: 40 }), { maxLength: 30 }),
    fc.integer({ min: 1, max: 5 }),
    async (texts, sizes, most) => {
      const bytes = Buffer.from(texts.join("\n"));
      const found: (readonly [number, string | undefined])[] = [];
      for await (const group of readLines(inPieces(bytes, sizes), { lineBytes, lines: most })) {
        expect(group.length).toBeGreaterThan(0);
        expect(group.length).toBeLessThanOrEqual(most);
        for (const one of group) found.push([one.number, one.bytes?.toString("utf8")]);
      }
      const expected = texts.flatMap((text, index): (readonly [number, string | undefined])[] => {
        if (Buffer.byteLength(text) > lineBytes) return [[index + 1, undefined]];
        return /^[ \t\r]*$/u.test(text) ? [] : [[index + 1, text]];
      });
      expect(found).toEqual(expected);
    },
  );
  await fc.assert(property);
});

test("a line without an end is thrown away as it comes", async () => {
  const chunk = Buffer.alloc(65_536, "a");
  const endless = async function* (): AsyncGenerator<Buffer, void, undefined> {
    for (let count = 0; count < 1_000; count += 1) yield chunk;
    yield Buffer.from("\n{}");
  };
  const found: unknown[] = [];
  for await (const group of readLines(endless(), { lineBytes: 100, lines: 10 })) {
    for (const { number, bytes } of group) found.push([number, bytes?.toString()]);
  }
  expect(found).toEqual([
    [1, undefined],
    [2, "{}"],
  ]);
});
