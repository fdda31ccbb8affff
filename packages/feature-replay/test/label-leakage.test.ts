import { printSeed, seededRandom, type SeededRandom } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { runSimulatedWay } from "../bench/simulated-way.ts";
import { createStreamReplay, type StreamLabel } from "../src/index.ts";
import { addedFeatures, compiledShop, sale, shopStartMs, type Sale } from "./shop-engagement.ts";
import { decidedOf, fraudShare, fraudsOf, onlyOf, readFromShop } from "./vector-reference.ts";

const compiled = compiledShop(addedFeatures());
const { featureSet } = compiled;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The label rates of a shop, and the tiles that they are made of. */
const shares = [
  { name: "shop@v1:label_rate_1d_delay_1h", tileMs: hourMs, windowMs: dayMs, delayMs: hourMs },
  { name: "shop@v1:label_rate_7d_delay_1d", tileMs: 12 * hourMs, windowMs: 7 * dayMs, delayMs: dayMs },
].map((span) => ({ ...span, column: featureSet.names.indexOf(span.name) }));

test("no scored vector holds a label that the ledger had not matched when it was made", async () => {
  const random = seededRandom();
  printSeed(random);
  const options = { seed: random.seed, transactions: 1_200, customers: 6, startMs: shopStartMs };
  const { log } = await runSimulatedWay({ compiled, ...options });
  const all = decidedOf(log);
  let shared = 0;
  for (const decided of all.values()) {
    const { sale: made, record, atMs } = decided;
    const held = onlyOf(readFromShop(log, all.values(), decided), ({ shop }) => shop === made.shop);
    const arrived = fraudsOf(log, ({ matchedAt }) => Date.parse(matchedAt) <= atMs);
    expect([...held.frauds].filter((id) => !arrived.has(id))).toEqual([]);
    const vector = new Float32Array(new Uint8Array(Buffer.from(record.vector, "base64")).buffer);
    for (const share of shares) {
      expect(vector[share.column]).toBe(fraudShare(held, made, share));
      if ((vector[share.column] ?? 0) > 0) shared += 1;
    }
  }
  expect(shared).toBeGreaterThan(100);
});

test("a stream whose labels are known from the start sees each from its own time on, never earlier", () => {
  const random = seededRandom();
  printSeed(random);
  const stream = labelledStream(random, 1_500);
  const replay = createStreamReplay(featureSet);
  const vector = new Float32Array(featureSet.size);
  const all = new Set(stream.filter(({ label }) => label?.fraud === true).map(({ made }) => made.id));
  const seen = { counted: 0, yetToCome: 0 };
  for (const [position, { made, label }] of stream.entries()) {
    replay.next(made, vector, label);
    const before = stream.slice(0, position);
    const known = before.filter(
      (one) => one.label?.fraud === true && one.label.labelledAtMs <= made.occurredAtMs,
    );
    const sales = before.filter((one) => one.made.shop === made.shop).map((one) => one.made);
    const frauds = new Set(known.map((one) => one.made.id));
    for (const share of shares) {
      const expected = fraudShare({ sales, frauds }, made, share);
      expect(vector[share.column]).toBe(expected);
      if (expected > 0) seen.counted += 1;
      if (expected !== fraudShare({ sales, frauds: all }, made, share)) seen.yetToCome += 1;
    }
  }
  expect(seen.counted).toBeGreaterThan(500);
  expect(seen.yetToCome).toBeGreaterThan(500);
});

/** Sales of three shops in ten days; labels at once, at the moment of a later sale, or up to weeks later. */
function labelledStream(
  random: SeededRandom,
  count: number,
): readonly { readonly made: Sale; readonly label: StreamLabel | undefined }[] {
  const sales = Array.from({ length: count }, () => shopStartMs + random.integer(0, 10 * dayMs))
    .toSorted((one, other) => one - other)
    .map((atMs, position) => sale(`s${position}`, atMs, { shop: random.pick(["a", "b", "c"]) }));
  return sales.map((made, position) => {
    const laterSale = sales[position + random.integer(1, 300)]?.occurredAtMs ?? Number.MAX_SAFE_INTEGER;
    const whole = made.occurredAtMs + random.integer(0, 20 * dayMs);
    const labelledAtMs = random.pick([made.occurredAtMs, laterSale, laterSale + 1, whole]);
    return { made, label: random.pick([undefined, { fraud: random.next() < 0.8, labelledAtMs }]) };
  });
}
