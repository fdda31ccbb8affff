import { expect } from "vitest";
import { emptyRow, keyMark, type Claim, type FeatureStore, type StateRow } from "../src/index.ts";
import { card, shop, tap, versionIn, type Tap } from "./taps.ts";

const claim: Claim = {
  claimedAtMs: Date.UTC(2026, 0, 1),
  featureSet: "0f".repeat(32),
  vector: Float32Array.of(1, -1, 0.5),
  statesRead: [
    { entity: "card", key: "c1", version: 3, status: "PRESENT" },
    { entity: "shop", key: "s1", version: 2, status: "PRESENT", applied: [7, 0, 3], labelsApplied: 9 },
  ],
};

const nothingRead = Buffer.alloc(0);

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
    expect(recalled.generation).toBe(1);
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
    expect(recalled.states[0]?.row?.state).toEqual(expected);
    expect(recalled.claims).toEqual([claim, null]);
  },
  "recalls and writes at the same time each get their own": async (store) => {
    const keys = Array.from({ length: 200 }, (_, number) => `many-${number}`);
    await Promise.all(
      keys.map(async (key, number) => {
        const write = { entity: card, key, expectedVersion: nothingRead, row: countedRow(number + 1) };
        expect(await store.remember([{ ...write, claims: [] }], 1)).toEqual([true]);
      }),
    );
    const recalled = await Promise.all(keys.map((key) => store.recall([{ entity: card, key }], [])));
    expect(recalled.map(({ states }) => versionIn(states[0]?.row))).toEqual(keys.map((_, at) => at + 1));
  },
  "a write on a state that has moved on changes nothing, not even its claims": async (store) => {
    const address = { entity: card, key: "c1" };
    const stale = (await store.recall([address], [])).states[0];
    await countOne(store, { transactionId: "t1", position: 1 });
    const row = emptyRow(card);
    const expectedVersion = stale?.versionBytes ?? nothingRead;
    const claims = [{ transactionId: "late", claim }];
    const written = await store.remember([{ ...address, expectedVersion, row, claims }], 1);
    expect(written).toEqual([false]);
    const after = await store.recall([address], [{ key: "c1", transactionId: "late" }]);
    expect(versionIn(after.states[0]?.row)).toBe(1);
    expect(after.claims).toEqual([null]);
  },
  "a state that was lost and counted up to the same version is not taken for the one read": async (store) => {
    const address = { entity: card, key: "c1" };
    const lost = countedRow(3);
    const present = countedRow(3);
    present.state.float64[1] = 42;
    await store.remember([{ ...address, expectedVersion: nothingRead, row: lost, claims: [] }], 1);
    const read = (await store.recall([address], [])).states[0]?.versionBytes ?? nothingRead;
    const replacing = { ...address, expectedVersion: read, row: present, claims: [] };
    expect(await store.remember([replacing], 1)).toEqual([true]);
    expect(await store.remember([replacing], 1)).toEqual([false]);
  },
  "of many writers at once on one state each is counted exactly once": async (store) => {
    const writers = Array.from({ length: 32 }, (_, writer) => writer);
    await Promise.all(
      writers.map((writer) => countOne(store, { transactionId: `w${writer}`, position: writer })),
    );
    const after = await store.recall([{ entity: card, key: "c1" }], []);
    expect(versionIn(after.states[0]?.row)).toBe(writers.length);
  },
  "a streamed state keeps the next offset of every partition and the next label": async (store) => {
    const row = emptyRow(shop);
    shop.apply(row.state, tap(1));
    row.nextOffsets[3] = 42;
    row.nextOffsets[15] = 7;
    row.nextLabelSequence = 2 ** 40 + 1;
    const write = { entity: shop, key: "s1", expectedVersion: nothingRead, row, claims: [] };
    await store.remember([write], 1);
    const [read] = (await store.recall([{ entity: shop, key: "s1" }], [])).states;
    expect(read?.row?.nextOffsets).toEqual(row.nextOffsets);
    expect(read?.row?.nextLabelSequence).toBe(2 ** 40 + 1);
  },
  "a decision is read back with its place, and the log's place replaces the outbox'": async (store) => {
    const answer = '{"decision":"approve","reason":"größer"}';
    const entry = { transactionId: "t1", partitionKey: "c1", answer };
    const mark = keyMark("c1");
    await store.writeDecisions([{ ...entry, place: "outbox" }]);
    expect(await store.readDecisions(["t1", "t2"])).toEqual([{ place: "outbox", mark, answer }, null]);
    await store.writeDecisions([{ ...entry, place: "logged" }]);
    expect(await store.readDecisions(["t1"])).toEqual([{ place: "logged", mark, answer }]);
    const asked = [
      { key: "c1", transactionId: "t1" },
      { key: "c1", transactionId: "t2" },
    ];
    expect(await store.confirmLogged(asked)).toEqual([true, false]);
  },
  "a decision is not replaced by one that another card got under the same id": async (store) => {
    const [answer, later] = ['{"decision":"approve"}', '{"decision":"decline"}'];
    const kept = { transactionId: "t1", partitionKey: "c1", place: "outbox", answer } as const;
    await store.writeDecisions([kept]);
    const other = { ...kept, partitionKey: "c2", answer: later };
    await store.writeDecisions([other, { ...other, transactionId: "t2" }]);
    const mark = keyMark("c1");
    expect(await store.readDecisions(["t1", "t2"])).toEqual([
      { place: "outbox", mark, answer },
      { place: "outbox", mark: keyMark("c2"), answer: later },
    ]);
    await store.writeDecisions([{ ...kept, place: "logged" }]);
    expect(await store.readDecisions(["t1"])).toEqual([{ place: "logged", mark, answer }]);
  },
  "progress is kept for each partition and generation": async (store) => {
    expect((await store.readProgress()).size).toBe(0);
    await store.writeProgress(0, 7, 1);
    await store.writeProgress(3, 9, 1);
    await store.writeProgress(0, 8, 1);
    await store.writeProgress(0, 5, 2);
    expect(await store.readProgress()).toEqual(
      new Map([
        [0, 8],
        [3, 9],
      ]),
    );
    expect(await store.inGeneration(2).readProgress()).toEqual(new Map([[0, 5]]));
    await store.switchGeneration({ from: 1, to: 2 });
    expect(await store.readProgress()).toEqual(new Map([[0, 5]]));
  },
  "the next generation is built unseen and served from the switch on": async (store) => {
    await countOne(store, { transactionId: "t1", position: 1 });
    const next = store.inGeneration(2);
    expect(await next.readGeneration()).toBe(2);
    const address = { entity: card, key: "c1" };
    expect((await next.recall([address], [])).states[0]?.row).toBeNull();
    const write = { ...address, expectedVersion: nothingRead, row: countedRow(5), claims: [] };
    expect(await next.remember([write], 2)).toEqual([true]);
    expect((await next.recall([address], [])).generation).toBe(2);
    const before = await store.recall([address], []);
    expect([before.generation, versionIn(before.states[0]?.row)]).toEqual([1, 1]);

    expect(await store.switchGeneration({ from: 3, to: 4 })).toBe(false);
    expect(await store.switchGeneration({ from: 1, to: 2 })).toBe(true);
    expect(await store.switchGeneration({ from: 1, to: 3 })).toBe(false);
    expect(await store.readGeneration()).toBe(2);
    const after = await store.recall([address], [{ key: "c1", transactionId: "t1" }]);
    expect([after.generation, versionIn(after.states[0]?.row)]).toEqual([2, 5]);
    expect(after.claims).toEqual([null]);
  },
  "a generation that is no longer served can be dropped, the served one cannot": async (store) => {
    await countOne(store, { transactionId: "t1", position: 1 });
    await countOne(store, { transactionId: "t2", position: 2 });
    await store.writeProgress(0, 7, 1);
    await store.writeDecisions([{ transactionId: "t1", partitionKey: "c1", place: "logged", answer: "{}" }]);
    await expect(store.dropGeneration(1)).rejects.toThrow(/generation 1 is the one that is served/u);
    await store.switchGeneration({ from: 1, to: 2 });
    let reported = 0;
    const dropped = await store.dropGeneration(1, (deletedKeys) => {
      reported = deletedKeys;
    });
    expect([dropped, reported]).toEqual([4, 4]);
    const old = store.inGeneration(1);
    const recalled = await old.recall([{ entity: card, key: "c1" }], [{ key: "c1", transactionId: "t1" }]);
    expect([recalled.states[0]?.row, recalled.claims[0]]).toEqual([null, null]);
    expect((await old.readProgress()).size).toBe(0);
    expect(await store.readDecisions(["t1"])).toEqual([
      { place: "logged", mark: keyMark("c1"), answer: "{}" },
    ]);
  },
};

/** A row of the card that has counted so many. */
function countedRow(count: number): StateRow {
  const row = emptyRow(card);
  for (let position = 0; position < count; position += 1) card.apply(row.state, tap(position));
  return row;
}

/** Counts one tap on the card as the pipeline does: read, apply, compare-and-set, again on a conflict. */
async function countOne(
  store: FeatureStore<Tap>,
  counted: { readonly transactionId: string; readonly position: number },
): Promise<void> {
  const claims = [{ transactionId: counted.transactionId, claim }];
  for (;;) {
    const recalled = await store.recall([{ entity: card, key: "c1" }], []);
    const [read] = recalled.states;
    if (read === undefined) throw new Error("nothing recalled");
    const row = read.row ?? emptyRow(card);
    card.apply(row.state, tap(counted.position));
    const write = { entity: card, key: "c1", expectedVersion: read.versionBytes, row, claims };
    if ((await store.remember([write], recalled.generation))[0] === true) return;
  }
}
