import { expect } from "vitest";
import {
  emptyRow,
  keyMark,
  redisFeatureStore,
  redisStateLayouts,
  type FeatureStore,
  type RedisConnection,
} from "../src/index.ts";
import { card, tap, taps, versionIn, type Tap } from "./taps.ts";

const nowMs = Date.UTC(2026, 0, 1);

/** Of two feature sets on one Redis neither sees the other's states, claims, progress or generation. */
export async function expectLayoutsApart(redis: RedisConnection, prefix: string): Promise<void> {
  const { layout: form } = card;
  const other = { ...card, layout: { ...form, hash: form.hash + 1 } };
  const before = redisFeatureStore<Tap>(redis, { prefix, entities: taps, idempotencySeconds: 60 });
  const after = redisFeatureStore<Tap>(redis, { prefix, entities: [other], idempotencySeconds: 60 });
  const layouts = redisStateLayouts(redis, { prefix });
  await count(before, card, 3);
  await count(after, other, 1);
  await before.writeProgress(0, 7, 1);
  await before.switchGeneration({ from: 1, to: 2 });
  await before.writeDecisions([{ transactionId: "t1", partitionKey: "c1", place: "logged", answer: "{}" }]);
  const claim = { key: "c1", transactionId: "t1" };
  const seen = await after.recall([{ entity: other, key: "c1" }], [claim]);
  expect([seen.generation, versionIn(seen.states[0]?.row)]).toEqual([1, 1]);
  expect(seen.decisions).toEqual([{ place: "logged", mark: keyMark("c1"), answer: "{}" }]);
  expect(await after.readProgress()).toEqual(new Map());
  const old = await before.inGeneration(1).recall([{ entity: card, key: "c1" }], [claim]);
  expect(versionIn(old.states[0]?.row)).toBe(3);
  await layouts.noteBuilt(before.layout, nowMs);
  await layouts.noteBuilt(before.layout, nowMs + 1);
  await layouts.noteBuilt(after.layout, nowMs + 2);
  expect(await layouts.built()).toEqual(
    new Map([
      [before.layout, nowMs],
      [after.layout, nowMs + 2],
    ]),
  );
  // State, progress and generation.
  expect(await layouts.drop(before.layout)).toBe(3);
  expect([...(await layouts.built()).keys()]).toEqual([after.layout]);
  expect(await before.readGeneration()).toBe(1);
  const left = await after.recall([{ entity: other, key: "c1" }], [claim]);
  expect([versionIn(left.states[0]?.row), left.decisions.length]).toEqual([1, 1]);
  await expect(layouts.drop("*")).rejects.toThrow(/names no layout/u);
}

async function count(store: FeatureStore<Tap>, entity: typeof card, times: number): Promise<void> {
  const row = emptyRow(entity);
  for (let time = 0; time < times; time += 1) entity.apply(row.state, tap(time));
  const write = { entity, key: "c1", expectedVersion: Buffer.alloc(0), row, claims: [] };
  expect(await store.remember([write], 1)).toEqual([true]);
}
