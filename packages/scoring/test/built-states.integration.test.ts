import { compileEngagement } from "@tollgate/engagement";
import { connectRedis, redisFeatureStore, redisStateLayouts } from "@tollgate/feature-store";
import { count } from "@tollgate/features";
import { silentLogger, systemClock, type Logger } from "@tollgate/runtime";
import { serviceTest } from "@tollgate/testkit";
import { expect } from "vitest";
import { createBuiltStates, type BuiltStates } from "../src/index.ts";
import { shopEngagement, type Sale } from "./shop-engagement.ts";

const [card] = shopEngagement.featureSet.entities;
if (card === undefined) throw new Error("the shop has no card");
const { entities: before } = compileEngagement(shopEngagement).featureSet;
const { entities: after } = compileEngagement({
  ...shopEngagement,
  featureSet: {
    ...shopEngagement.featureSet,
    features: [...shopEngagement.featureSet.features, count(card, "7d")],
  },
}).featureSet;

interface Build {
  readonly states: BuiltStates;
  readonly store: ReturnType<typeof redisFeatureStore<Sale>>;
  readonly layouts: ReturnType<typeof redisStateLayouts>;
  readonly told: string[];
}

const test = serviceTest.extend<{
  log: { end: bigint | undefined };
  start: (entities: typeof before) => Promise<Build>;
}>({
  log: async ({}, use) => use({ end: 0n }),
  start: async ({ redisUrl, redis, prefix, log }, use) => {
    await redis.ping();
    const connection = await connectRedis(redisUrl, silentLogger());
    await use(async (entities) => {
      const told: string[] = [];
      const note = (...line: readonly unknown[]): void => void told.push(String(line[0]));
      const logger: Logger = { ...silentLogger(), info: note, warn: note, error: note };
      const store = redisFeatureStore<Sale>(connection, { prefix, entities, idempotencySeconds: 60 });
      const layouts = redisStateLayouts(connection, { prefix });
      const endOffsets = async (): Promise<ReadonlyMap<number, bigint>> => {
        if (log.end === undefined) throw new Error("Kafka is away");
        return new Map([[0, log.end]]);
      };
      const states = createBuiltStates({ store, layouts, endOffsets, clock: systemClock(), logger });
      await states.look();
      return { states, store, layouts, told };
    });
    connection.disconnect();
  },
});

test("with an empty log a build serves at once, and so does another layout beside it", async ({ start }) => {
  for (const entities of [before, after, before]) {
    const { states, told } = await start(entities);
    states.assertServable();
    await states.servable;
    expect(told).toEqual(["states-built"]);
  }
});

test("a layout never built does not serve while another one has states, and does once it is", async ({
  start,
  log,
}) => {
  await start(before);
  log.end = 5n;
  const rebuilt = await start(after);
  expect(() => rebuilt.states.assertServable()).toThrow(/never built: run "npm run features -- rebuild"/u);
  await rebuilt.states.look();
  expect(rebuilt.told).toEqual(["states-missing"]);
  await rebuilt.layouts.noteBuilt(rebuilt.store.layout, 1);
  await rebuilt.states.look();
  rebuilt.states.assertServable();
  expect(rebuilt.told).toEqual(["states-missing", "states-built"]);
});

test("a layout that the log was applied to up to its end is built without a rebuild", async ({
  start,
  log,
}) => {
  await start(before);
  log.end = 5n;
  const { states, store, layouts } = await start(after);
  await store.writeProgress(0, 4, 1);
  await states.look();
  expect(() => states.assertServable()).toThrow(/never built/u);
  await store.writeProgress(0, 5, 1);
  await states.look();
  await states.servable;
  expect([...(await layouts.built()).keys()]).toContain(store.layout);
});

test("where Redis holds no states at all, unknown ones are served, and that is said", async ({
  start,
  log,
}) => {
  log.end = 5n;
  const { states, told, layouts } = await start(before);
  await states.servable;
  states.assertServable();
  expect(told).toEqual(["states-cold"]);
  // Another layout's states come later: who serves goes on.
  await layouts.noteBuilt("0badcafe", 1);
  await states.look();
  states.assertServable();
});

test("while Kafka is away nobody knows whether the log is empty: only a layout alone serves", async ({
  start,
  log,
}) => {
  log.end = undefined;
  const alone = await start(before);
  alone.states.assertServable();
  await alone.layouts.noteBuilt(alone.store.layout, 1);
  const second = await start(after);
  expect(() => second.states.assertServable()).toThrow(/never built/u);
});
