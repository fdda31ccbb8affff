/** `node packages/scoring/bench/way-cost.ts`: processor time of the way without network, by size of call. */
import type { BaseTransaction } from "@tollgate/contracts";
import { memoryFeatureStore } from "@tollgate/feature-store";
import { createAcceleratorMemory } from "@tollgate/inference";
import { openModelRegistry } from "@tollgate/model-registry";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { createTelemetry } from "@tollgate/telemetry";
import { loadEngagement, scoreTransactions, type ScoringPlan } from "../src/index.ts";
import { meteredScoring } from "../src/metered-scoring.ts";
import { openServingModel } from "../src/serving-model.ts";

const transactions = 20_000;
const clock = systemClock();
const { compiled, modelsFolder } = await loadEngagement("@tollgate/engagement-card-payments");
const nothing = (): void => {};
const model = await openServingModel({
  registry: openModelRegistry(modelsFolder),
  reference: "card-payments@champion",
  beside: [],
  featureSet: compiled.featureSet,
  load: { placement: "in-thread", accelerator: "cpu", acceleratorMemory: createAcceleratorMemory(0) },
  clock,
  logger: silentLogger(),
  inferenceObserver: {},
  watchObserver: { loaded: nothing, refused: nothing, unreadable: nothing },
  versionsObserver: { counted: nothing, opened: nothing, deviceFailed: nothing },
  served: nothing,
});
const plan: ScoringPlan<BaseTransaction> = {
  engagement: compiled,
  store: memoryFeatureStore(),
  predictor: model.predictor,
  readsSequence: model.readsSequence,
  sink: {
    append: async (records) => {
      for (const record of records) JSON.stringify(record);
      return "log";
    },
  },
  firstDecisions: { keep: () => {} },
  logIndex: { catchUp: async () => {}, pause: async () => {} },
  clock,
  observer: meteredScoring(createTelemetry({ processMetrics: false })),
};

const options = { seed: 3, startMs: Date.UTC(2026, 0, 5), customers: 2_000, idPrefix: "bench-" };
const stream = compiled.engagement.simulate(options)[Symbol.iterator]();
console.info("transactions a call   processor µs a transaction");
for (const size of [1, 1, 8, 64, 256]) {
  const calls = Array.from({ length: Math.ceil(transactions / size) }, () => nextCall(size));
  const before = process.cpuUsage();
  for (const wire of calls) await scoreTransactions(plan, wire.map(requestOf));
  const used = process.cpuUsage(before);
  const micros = (used.user + used.system) / (calls.length * size);
  console.info(`${String(size).padStart(19)}   ${micros.toFixed(1)}`);
}
process.exit(0);

function nextCall(size: number): readonly unknown[] {
  return Array.from({ length: size }, () => {
    const next = stream.next();
    if (next.done === true) throw new Error("the simulation ended");
    return compiled.engagement.transaction.toWire(next.value.transaction);
  });
}

function requestOf(wire: unknown): { transaction: BaseTransaction; source: "http" } {
  const parsed = compiled.engagement.transaction.parse(wire, clock.nowMs());
  if (!parsed.ok) throw new Error("a simulated transaction does not parse");
  return { transaction: parsed.value, source: "http" };
}
