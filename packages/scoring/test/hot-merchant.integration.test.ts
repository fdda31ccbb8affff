import { compileEngagement } from "@tollgate/engagement";
import { connectRedis, memoryFeatureStore, redisFeatureStore } from "@tollgate/feature-store";
import { versionOf } from "@tollgate/features";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { serviceTest } from "@tollgate/testkit";
import { expect } from "vitest";
import {
  createDecisionApplier,
  createLabelApplier,
  labelledAddresses,
  scoreTransactions,
  type LoggedDecision,
} from "../src/index.ts";
import { silentApplierObserver } from "../src/silent-observer.ts";
import { shopEngagement, type Sale } from "./shop-engagement.ts";
import { createWay, startMs } from "./way.ts";

const perSecond = 2_000;
const seconds = 4;
const partitions = 4;
/** A fetch gathers for 250 ms. */
const roundMs = 250;

serviceTest(
  "a merchant with 2,000 sales a second: no conflict storm, nothing lost, and scorers read on",
  async ({ redisUrl, redis, prefix, onTestFinished }) => {
    await redis.ping();
    const { entities } = compileEngagement(shopEngagement).featureSet;
    const way = createWay({ store: memoryFeatureStore({ entities }) });
    const open = async (): Promise<ReturnType<typeof redisFeatureStore<Sale>>> => {
      const connection = await connectRedis(redisUrl, silentLogger());
      onTestFinished(() => connection.disconnect());
      return redisFeatureStore<Sale>(connection, { prefix, entities, idempotencySeconds: 60 });
    };
    const decided = await decideSales(way, perSecond * seconds);
    const conflicts = { count: 0, rounds: 0 };
    const observer = {
      ...silentApplierObserver,
      conflicts: (count: number) => {
        conflicts.count += count;
      },
    };
    const clock = systemClock();
    // One consumer process for each partition, as when four of them share the work.
    const appliers = await Promise.all(
      Array.from({ length: partitions }, async () =>
        createDecisionApplier({ engagement: way.compiled, store: await open(), clock, observer }),
      ),
    );
    const labelApplier = createLabelApplier({
      engagement: way.compiled,
      store: await open(),
      clock,
      observer,
    });
    const scorers = await open();
    const [sample] = decided;
    if (sample === undefined) throw new Error("nothing decided");
    const hot = labelledAddresses(way.compiled, sample.record.transaction as Sale);
    const reading = readAllTheTime(() => scorers.recall(hot, []), 8);
    const perRound = (perSecond * roundMs) / 1_000 / partitions;
    const startedMs = performance.now();
    let sequence = 0;
    for (let from = 0; from < decided.length / partitions; from += perRound) {
      conflicts.rounds += 1;
      const parts = appliers.map((applier, partition) => {
        const entries = decided
          .filter((one) => one.partition === partition && one.offset >= from && one.offset < from + perRound)
          .map(({ offset, record }) => ({ offset, record }));
        return applier.apply({ partition, entries, firstOffset: from, nextOffset: from + entries.length });
      });
      const records = [0, 1, 2].map((number) =>
        labelOf(way.sale({ id: `label-${from}-${number}` }), sequence++),
      );
      const firstOffset = sequence - records.length;
      parts.push(labelApplier.apply({ records, firstOffset, nextOffset: sequence }));
      expect(await Promise.all(parts)).toEqual(parts.map(() => undefined));
    }
    const busyMs = performance.now() - startedMs;
    const reads = await reading.stop();
    const [state] = (await scorers.recall(hot, [])).states;
    process.stdout.write(
      `hot merchant: ${decided.length} sales, ${sequence} labels in ${Math.round(busyMs)} ms of applying, ` +
        `${conflicts.count} conflicts in ${conflicts.rounds} rounds of ${partitions + 1} writers, ` +
        `${reads} reads meanwhile\n`,
    );
    expect(state?.row === null || state === undefined ? 0 : versionOf(state.row.state)).toBe(
      decided.length + sequence,
    );
    // Of five writers at once the last has lost four times: 0 + 1 + 2 + 3 + 4.
    expect(conflicts.count).toBeLessThanOrEqual(conflicts.rounds * 10);
    expect(busyMs).toBeLessThan(seconds * 1_000);
    expect(reads).toBeGreaterThan(0);
  },
);

/** Calls again and again, so many at a time, until it is stopped; says how often. */
function readAllTheTime(
  read: () => Promise<unknown>,
  atOnce: number,
): { readonly stop: () => Promise<number> } {
  const state = { stopped: false, reads: 0 };
  const work = async (): Promise<void> => {
    while (!state.stopped) {
      await read();
      state.reads += 1;
    }
  };
  const workers = Array.from({ length: atOnce }, work);
  return {
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
