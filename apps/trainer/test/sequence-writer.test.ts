import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import { expect, onTestFinished, test } from "vitest";
import { createSequenceWriter } from "../src/sequence-writer.ts";

const startMs = Date.UTC(2026, 5, 1, 12);
const dayMs = 86_400_000;

function payment(id: string, atMs: number, changes: Record<string, unknown> = {}): CardPayment {
  const occurredAt = new Date(atMs).toISOString();
  const wire = { ...engagement.transaction.example(atMs), id, occurredAt, ...changes };
  const parsed = engagement.transaction.parse(wire, atMs);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value;
}

test("each row holds what the card did before it, the latest payment last", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-sequences-"));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const source = engagement.sequence?.();
  if (source === undefined) throw new Error("the engagement has a sequence");
  const path = join(folder, "sequences.f32");
  const writer = await createSequenceWriter(path, source);
  await writer.add(payment("first", startMs));
  await writer.add(payment("second", startMs + 60_000));
  await writer.add(payment("other card", startMs + 120_000, { cardId: "card-of-somebody-else" }));
  await writer.add(payment("too late", startMs + 91 * dayMs));
  await writer.finish();

  const { slots, channels } = source.reader;
  expect(slots).toBe(32);
  const bytes = await readFile(path);
  const width = slots * channels;
  expect(bytes.byteLength).toBe(4 * width * Float32Array.BYTES_PER_ELEMENT);
  const rows = new Float32Array(bytes.buffer, bytes.byteOffset, 4 * width);
  const [first, second, other, late] = [0, 1, 2, 3].map((row) => rows.slice(row * width, (row + 1) * width));
  for (const nothingKnown of [first, other, late]) expect(new Set(nothingKnown)).toEqual(new Set([-1]));
  const latest = [...(second ?? []).slice(-channels)];
  expect(latest[0]).toBe(60);
  // The same merchant and category again.
  expect(latest.slice(4, 6)).toEqual([1, 1]);
  expect(new Set((second ?? []).slice(0, -channels))).toEqual(new Set([-1]));
});
