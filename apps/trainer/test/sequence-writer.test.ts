import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileEngagement } from "@tollgate/engagement";
import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import { createStreamReplay } from "@tollgate/feature-replay";
import { expect, onTestFinished, test } from "vitest";
import { openSequenceReader } from "../src/sequence-reader.ts";
import { createSequenceWriter } from "../src/sequence-writer.ts";

const startMs = Date.UTC(2026, 5, 1, 12);
const dayMs = 86_400_000;
const { featureSet } = compileEngagement(engagement);

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
  const { sequence } = featureSet;
  if (sequence === undefined) throw new Error("the engagement has a sequence");
  const path = join(folder, "sequences.f32");
  const writer = await createSequenceWriter(path, sequence.size);
  const replay = createStreamReplay(featureSet);
  const vector = new Float32Array(featureSet.size + sequence.size);
  for (const one of [
    payment("first", startMs),
    payment("second", startMs + 60_000),
    payment("other-card", startMs + 120_000, { cardId: "card-of-somebody-else" }),
    payment("too-late", startMs + 91 * dayMs),
  ]) {
    replay.next(one, vector);
    await writer.add(vector.subarray(featureSet.size));
  }
  await writer.finish();

  expect(sequence.slots).toBe(20);
  const width = sequence.channels.length;
  const reader = await openSequenceReader(path, sequence.size);
  const [first, second, other, late] = await reader.read(0, 4);
  for (const nothingKnown of [first, other, late]) expect(new Set(nothingKnown)).toEqual(new Set([-1]));
  const latest = Array.from(second ?? []).slice(-width);
  expect(latest[sequence.channels.indexOf("seconds_since")]).toBe(60);
  expect(latest[sequence.channels.indexOf("same_merchant")]).toBe(1);
  expect(latest[sequence.channels.indexOf("same_merchant_category_code")]).toBe(1);
  expect(new Set(Array.from(second ?? []).slice(0, -width))).toEqual(new Set([-1]));
  const [third] = await reader.read(2, 3);
  expect(third).toEqual(other);
  await expect(reader.read(3, 5)).rejects.toThrow("ends before row 5");
  await reader.close();
});
