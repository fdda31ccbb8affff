import type { BaseTransaction } from "@tollgate/contracts";
import { compileFeatureSet, versionOf, type CompiledEntity, type EntityState } from "@tollgate/features";
import { expect } from "vitest";
import { emptyRow, type Claim, type FeatureStore } from "../src/index.ts";

export interface Tap extends BaseTransaction {
  readonly card: string;
  readonly shop: string;
}

const texts = { description: "", unit: "" };
const featureSet = compileFeatureSet<Tap>({
  entities: [entity("card", "transactional"), entity("shop", "streamed")],
  features: [
    { kind: "aggregate", entity: "card", aggregate: "count", window: "1h", ...texts },
    { kind: "aggregate", entity: "shop", aggregate: "count", window: "24h", ...texts },
  ],
});

function entity(
  name: "card" | "shop",
  consistency: "transactional" | "streamed",
): Parameters<typeof compileFeatureSet<Tap>>[0]["entities"][number] {
  const key = (tap: Tap): string => tap[name];
  return { name, description: name, version: 1, consistency, key, retentionDays: 1, recentCapacity: 0 };
}

export const card: CompiledEntity<Tap> = entityNamed("card");
export const shop: CompiledEntity<Tap> = entityNamed("shop");
function entityNamed(name: string): CompiledEntity<Tap> {
  const found = featureSet.entities.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no entity ${name}`);
  return found;
}

const startMs = Date.UTC(2026, 0, 1);

export function tap(position: number): Tap {
  const occurredAtMs = startMs + position * 1000;
  return { id: `t${position}`, occurredAt: "", occurredAtMs, card: "c1", shop: "s1" };
}

const claim: Claim = {
  claimedAtMs: startMs,
  vector: Float32Array.of(1, -1, 0.5),
  statesRead: [{ entity: "card", key: "c1", version: 3, status: "PRESENT" }],
};

/** The guarantees that every store gives; each takes a fresh, empty store. */
export const storeContract: Readonly<Record<string, (store: FeatureStore<Tap>) => Promise<void>>> = {
  "what was never written is recalled as nothing, in the order asked for": async (store) => {
    const recalled = await store.recall(
      [
        { entity: shop, key: "s1" },
        { entity: card, key: "c1" },
      ],
      [{ key: "c1", transactionId: "t1" }],
    );
    expect(recalled.states.map((state) => state.row)).toEqual([null, null]);
    expect(recalled.claims).toEqual([null]);
  },
  "a state and its claims are recalled as they were written": async (store) => {
    await countOne(store, { transactionId: "t1", position: 1 });
    const recalled = await store.recall(
      [{ entity: card, key: "c1" }],
      [
        { key: "c1", transactionId: "t1" },
        { key: "c1", transactionId: "t2" },
      ],
    );
    const expected = card.empty();
    card.apply(expected, tap(1));
    expect(recalled.states[0]?.row?.state.buffer).toEqual(expected.buffer);
    expect(recalled.claims).toEqual([claim, null]);
  },
  "a write on a state that has moved on changes nothing, not even its claims": async (store) => {
    const address = { entity: card, key: "c1" };
    const stale = (await store.recall([address], [])).states[0];
    await countOne(store, { transactionId: "t1", position: 1 });
    const row = emptyRow(card);
    const expectedVersion = stale?.versionBytes ?? Buffer.alloc(0);
    const claims = [{ transactionId: "late", claim }];
    const written = await store.remember([{ ...address, expectedVersion, row, claims }]);
    expect(written).toEqual([false]);
    const after = await store.recall([address], [{ key: "c1", transactionId: "late" }]);
    expect(versionOf(after.states[0]?.row?.state ?? card.empty())).toBe(1);
    expect(after.claims).toEqual([null]);
  },
  "of many writers at once on one state each is counted exactly once": async (store) => {
    const writers = Array.from({ length: 32 }, (_, writer) => writer);
    await Promise.all(
      writers.map((writer) => countOne(store, { transactionId: `w${writer}`, position: writer })),
    );
    const after = await store.recall([{ entity: card, key: "c1" }], []);
    expect(versionOf(after.states[0]?.row?.state ?? card.empty())).toBe(writers.length);
  },
  "a streamed state keeps the next offset of every partition": async (store) => {
    const row = emptyRow(shop);
    shop.apply(row.state, tap(1));
    row.nextOffsets[3] = 42;
    const expectedVersion = Buffer.alloc(0);
    await store.remember([{ entity: shop, key: "s1", expectedVersion, row, claims: [] }]);
    const after = await store.recall([{ entity: shop, key: "s1" }], []);
    expect([...(after.states[0]?.row?.nextOffsets ?? [])].slice(0, 5)).toEqual([0, 0, 0, 42, 0]);
  },
  "a decision is read back with its place, and the log's place replaces the outbox'": async (store) => {
    const answer = '{"decision":"approve"}';
    await store.writeDecisions([{ transactionId: "t1", place: "outbox", answer }]);
    expect(await store.readDecisions(["t1", "t2"])).toEqual([{ place: "outbox", answer }, null]);
    await store.writeDecisions([{ transactionId: "t1", place: "logged", answer }]);
    expect(await store.readDecisions(["t1"])).toEqual([{ place: "logged", answer }]);
    const asked = [
      { key: "c1", transactionId: "t1" },
      { key: "c1", transactionId: "t2" },
    ];
    expect(await store.confirmLogged(asked)).toEqual([true, false]);
  },
  "progress is kept for each partition": async (store) => {
    expect((await store.readProgress()).size).toBe(0);
    await store.writeProgress(0, 7);
    await store.writeProgress(3, 9);
    await store.writeProgress(0, 8);
    expect(await store.readProgress()).toEqual(
      new Map([
        [0, 8],
        [3, 9],
      ]),
    );
  },
};

/** Counts one tap on the card as the pipeline does: read, apply, compare-and-set, again on a conflict. */
async function countOne(
  store: FeatureStore<Tap>,
  counted: { readonly transactionId: string; readonly position: number },
): Promise<EntityState> {
  const claims = [{ transactionId: counted.transactionId, claim }];
  for (;;) {
    const [read] = (await store.recall([{ entity: card, key: "c1" }], [])).states;
    if (read === undefined) throw new Error("nothing recalled");
    const row = read.row ?? emptyRow(card);
    card.apply(row.state, tap(counted.position));
    const write = { entity: card, key: "c1", expectedVersion: read.versionBytes, row, claims };
    if ((await store.remember([write]))[0] === true) return row.state;
  }
}
