import { engagement } from "@tollgate/engagement-card-payments";
import { median } from "@tollgate/runtime";

/** Prints how many transactions a second one core makes, and the memory that takes. */
const rounds = 5;
const perRound = 200_000;
const floor = 50_000;

const options = { seed: 1, startMs: Date.UTC(2026, 0, 5), customers: 20_000, idPrefix: "" };
const stream = engagement.simulate(options)[Symbol.iterator]();
const rates: number[] = [];
for (let round = 0; round <= rounds; round += 1) {
  const startMs = performance.now();
  for (let made = 0; made < perRound; made += 1) stream.next();
  // The first round warms the compiler up.
  if (round > 0) rates.push(perRound / ((performance.now() - startMs) / 1000));
}
const perSecond = median(rates);
const megabytes = process.memoryUsage().rss / 1e6;
process.stdout.write(`transactions a second on one core: ${Math.round(perSecond)} (at least ${floor})\n`);
process.stdout.write(`memory: ${Math.round(megabytes)} MB\n`);
process.exitCode = perSecond >= floor ? 0 : 1;
