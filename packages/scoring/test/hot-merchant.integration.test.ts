import { compileEngagement } from "@tollgate/engagement";
import { connectRedis, memoryFeatureStore, redisFeatureStore } from "@tollgate/feature-store";
import { versionOf } from "@tollgate/features";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { printSeed, seededRandom, serviceTest } from "@tollgate/testkit";
import { expect } from "vitest";
import {
  createDecisionApplier,
  createLabelApplier,
  labelledAddresses,
  scoreTransactions,
  type DecisionApplier,
  type LoggedDecision,
} from "../src/index.ts";
import { silentApplierObserver } from "../src/silent-observer.ts";
import { shopEngagement, type Sale } from "./shop-engagement.ts";
import { createWay, startMs, type Way } from "./way.ts";

const perSecond = 2_000;
const seconds = 4;
const partitions = 4;
/** A fetch gathers for 250 ms. */
const fetchMs = 250;
const perFetch = (perSecond * fetchMs) / 1_000 / partitions;
const fetches = (seconds * 1_000) / fetchMs;
const labelsPerFetch = 3;
/** Reads of the scorers are the clock: so many between two fetches of a writer, about 50 ms. */
const readsPerFetch = 1_000;

serviceTest(
  "a merchant with 2,000 sales a second: no conflict storm, nothing lost, and scorers read on",
  async ({ redisUrl, redis, prefix, onTestFinished }) => {
    await redis.ping();
    const random = seededRandom();
    printSeed(random);
    const { entities } = compileEngagement(shopEngagement).featureSet;
    const way = createWay({ store: memoryFeatureStore({ entities }) });
    const open = async (): Promise<ReturnType<typeof redisFeatureStore<Sale>>> => {
      const connection = await connectRedis(redisUrl, silentLogger());
      onTestFinished(() => connection.disconnect());
      return redisFeatureStore<Sale>(connection, { prefix, entities, idempotencySeconds: 60 });
    };
    const decided = await decideSales(way, perSecond * seconds);
    const retries = { count: 0 };
    const conflicts = (count: number): void => void (retries.count += count);
    const parts = { engagement: way.compiled, clock: systemClock() };
    const observer = { ...silentApplierObserver, conflicts };
    // One consumer process for each partition, as when four of them share the work, and one for labels.
    const writers = await Promise.all(
      Array.from({ length: partitions }, async (_, partition) =>
        decisionWriter(
          createDecisionApplier({ ...parts, store: await open(), observer }),
          decided,
          partition,
        ),
      ),
    );
    writers.push(labelWriter(createLabelApplier({ ...parts, store: await open(), observer }), way));
    const scorers = await open();
    const hot = labelledAddresses(way.compiled, way.sale({ id: "any" }));
    const reading = readAllTheTime(() => scorers.recall(hot, []), 8);
    const busyMs = await Promise.all(
      writers.map(async (apply) => {
        let milliseconds = 0;
        for (let fetch = 0; fetch < fetches; fetch += 1) {
          // At a moment of its own, as processes do; whoever is late begins at once.
          await reading.reached((fetch + random.next()) * readsPerFetch);
          const fromMs = performance.now();
          expect(await apply(fetch)).toBeUndefined();
          milliseconds += performance.now() - fromMs;
        }
        return milliseconds;
      }),
    );
    const reads = await reading.stop();
    const [state] = (await scorers.recall(hot, [])).states;
    const labels = fetches * labelsPerFetch;
    const writes = fetches * writers.length;
    process.stdout.write(
      `hot merchant: ${decided.length} sales and ${labels} labels in ${writes} writes by ${writers.length} ` +
        `writers, each busy for ${Math.round(Math.max(...busyMs))} ms at most; ${retries.count} writes ` +
        `tried again, ${reads} reads meanwhile\n`,
    );
    expect(state?.row === null || state === undefined ? 0 : versionOf(state.row.state)).toBe(
      decided.length + labels,
    );
    // Five in step would lose to all before them, 10 times in 5 writes; a storm is worse than that.
    expect(retries.count).toBeLessThan(writes / 2);
    expect(Math.max(...busyMs)).toBeLessThan(seconds * 1_000);
  },
);

/** Applies what one fetch brings. */
type Writer = (fetch: number) => Promise<unknown>;

function decisionWriter(
  applier: DecisionApplier,
  decided: readonly LoggedDecision[],
  partition: number,
): Writer {
  const own = decided.filter((one) => one.partition === partition);
  return async (fetch) => {
    const [firstOffset, nextOffset] = [fetch * perFetch, (fetch + 1) * perFetch];
    const entries = own.slice(firstOffset, nextOffset);
    return applier.apply({ partition, entries, firstOffset, nextOffset });
  };
}

function labelWriter(applier: ReturnType<typeof createLabelApplier>, way: Way): Writer {
  return async (fetch) => {
    const [firstOffset, nextOffset] = [fetch * labelsPerFetch, (fetch + 1) * labelsPerFetch];
    const records = Array.from({ length: labelsPerFetch }, (_, index) => {
      const sequence = firstOffset + index;
      return labelOf(way.sale({ id: `label-${sequence}` }), sequence);
    });
    return applier.apply({ records, firstOffset, nextOffset });
  };
}

interface Reading {
  /** Resolves when there were so many reads. */
  readonly reached: (reads: number) => Promise<void>;
  /** Resolves with how many there were. */
  readonly stop: () => Promise<number>;
}

/** Calls again and again, so many at a time, until it is stopped. */
function readAllTheTime(read: () => Promise<unknown>, atOnce: number): Reading {
  const state = { stopped: false, reads: 0 };
  const waiting = new Set<{ readonly from: number; readonly wake: () => void }>();
  const work = async (): Promise<void> => {
    while (!state.stopped) {
      await read();
      state.reads += 1;
      for (const one of waiting) {
        if (one.from > state.reads) continue;
        waiting.delete(one);
        one.wake();
      }
    }
  };
  const workers = Array.from({ length: atOnce }, work);
  return {
    async reached(from) {
      if (state.reads >= from) return;
      await new Promise<void>((wake) => waiting.add({ from, wake }));
    },
    async stop() {
      state.stopped = true;
      await Promise.all(workers);
      return state.reads;
    },
  };
}

/** Sales of one shop and a thousand cards, decided and spread over the partitions of a log. */
async function decideSales(
  way: ReturnType<typeof createWay>,
  count: number,
): Promise<readonly LoggedDecision[]> {
  for (let from = 0; from < count; from += 250) {
    const sales = Array.from({ length: 250 }, (_, index) =>
      way.sale({ id: `p${from + index}`, card: `card-${(from + index) % 1_000}` }),
    );
    await scoreTransactions(
      way.plan,
      sales.map((transaction) => ({ transaction, source: "kafka" })),
    );
  }
  return way.log.map((record, position) => ({
    partition: position % partitions,
    offset: Math.floor(position / partitions),
    record,
  }));
}

function labelOf(
  transaction: Sale,
  sequence: number,
): Parameters<ReturnType<typeof createLabelApplier>["apply"]>[0]["records"][number] {
  const at = new Date(startMs).toISOString();
  return {
    schema: "tollgate.labelled-transaction.v1",
    sequence,
    label: {
      labelId: `l-${sequence}`,
      transactionId: transaction.id,
      fraud: true,
      source: "chargeback",
      labelledAt: at,
    },
    partitionKey: transaction.card,
    matchedAt: at,
    transaction,
  };
}
