import { createModelSlot, type ModelSlot } from "@tollgate/inference";
import { deadlineIn, silentLogger } from "@tollgate/runtime";
import { testClock } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { createModelVersions, scoringLimits, type ModelVersions, type PipelineModel } from "../src/index.ts";
import { constantModel } from "./support/constant-model.ts";

interface Kept {
  readonly versions: ModelVersions;
  readonly served: ModelSlot<PipelineModel>;
  readonly clock: ReturnType<typeof testClock>;
  readonly aliases: Map<string, number>;
  /** Versions that do not load. */
  readonly broken: Set<string>;
  /** References that were loaded, in order. */
  readonly loads: string[];
  readonly closed: number[];
  readonly counts: number[];
}

function kept(...beside: readonly string[]): Kept {
  const clock = testClock();
  const aliases = new Map([["challenger", 2]]);
  const broken = new Set<string>();
  const loads: string[] = [];
  const closed: number[] = [];
  const counts: number[] = [];
  const close = (version: number): void => void closed.push(version);
  const served = createModelSlot<PipelineModel>({ model: constantModel(1, close), clock });
  const versions = createModelVersions({
    registry: {
      async aliasOf(_name, alias) {
        if (alias === "unreadable") throw new Error("the disk is away");
        return aliases.get(alias);
      },
    },
    served: { slot: served, reference: "card-payments@champion" },
    beside,
    async load(reference) {
      loads.push(reference);
      if (broken.has(reference)) throw new Error("golden rows differ");
      return constantModel(Number(reference.split("/")[1]), close);
    },
    clock,
    logger: silentLogger(),
    inferenceObserver: {},
    watchObserver: { loaded: () => {}, refused: () => {}, unreadable: () => {} },
    observer: { counted: (count) => void counts.push(count) },
  });
  return { versions, served, clock, aliases, broken, loads, closed, counts };
}

async function versionBehind({ versions, clock }: Kept, reference: string): Promise<number | undefined> {
  const chosen = versions.choose(reference);
  if (chosen === undefined) return undefined;
  const { version, scores } = await chosen.predictor.predict([Float32Array.of(0)], deadlineIn(clock, 1_000));
  expect(scores[0]).toBeCloseTo(version.reference.version / 100);
  return version.reference.version;
}

test("a version is chosen by alias or number, with or without its name, and scores itself", async () => {
  const state = kept("card-payments@challenger", "card-payments@v3");
  await state.versions.check();
  for (const [reference, version] of [
    ["card-payments@champion", 1],
    ["@champion", 1],
    ["card-payments@v1", 1],
    ["card-payments@challenger", 2],
    ["@challenger", 2],
    ["card-payments/2", 2],
    ["@v3", 3],
    ["@v4", undefined],
    ["@shadow", undefined],
    ["other@v1", undefined],
  ] as const) {
    expect([reference, await versionBehind(state, reference)]).toEqual([reference, version]);
  }
  expect(() => state.versions.choose("card-payments@")).toThrow("MODEL_REFERENCE_INVALID");
  expect(state.counts).toEqual([3]);
});

test("whoever names it, a version has one session, and the served one is not loaded again", async () => {
  const state = kept("card-payments@challenger", "card-payments@v2", "card-payments@v1");
  await state.versions.check();
  await state.versions.check();
  expect(state.loads).toEqual(["card-payments/2"]);
  expect(state.versions.slots.map(({ current }) => current.model.reference.version)).toEqual([1, 2]);
});

test("an alias that moves brings its version; the one before stays a while, then goes", async () => {
  const state = kept("card-payments@challenger");
  await state.versions.check();
  state.aliases.set("challenger", 3);
  await state.versions.check();
  expect(await versionBehind(state, "@challenger")).toBe(3);
  expect(await versionBehind(state, "@v2")).toBe(2);
  state.clock.advanceMs(scoringLimits.unwantedVersionMs);
  await state.versions.check();
  expect(await versionBehind(state, "@v2")).toBeUndefined();
  expect(state.closed).toEqual([2]);
  await state.versions.close();
  expect(state.closed).toEqual([2, 3]);
});

test("no more versions are loaded than the limit, those that are being freed included", async () => {
  const names = Array.from({ length: scoringLimits.loadedVersions - 1 }, (_, number) => `alias-${number}`);
  const state = kept(...names.map((name) => `card-payments@${name}`));
  for (const [number, name] of names.entries()) state.aliases.set(name, number + 2);
  await state.versions.check();
  for (const [number, name] of names.entries()) state.aliases.set(name, number + 12);
  await state.versions.check();
  expect(state.counts).toEqual([scoringLimits.loadedVersions, scoringLimits.loadedVersions]);
  state.clock.advanceMs(scoringLimits.unwantedVersionMs);
  await state.versions.check();
  expect(await versionBehind(state, "@alias-0")).toBe(12);
  expect(state.counts.at(-1)).toBe(scoringLimits.loadedVersions);
});

test("a version that does not load is not there, and is tried again after a while", async () => {
  const state = kept("card-payments@challenger");
  state.broken.add("card-payments/2");
  await state.versions.check();
  await state.versions.check();
  expect(state.loads).toHaveLength(1);
  expect(await versionBehind(state, "@challenger")).toBeUndefined();
  state.broken.clear();
  state.clock.advanceMs(scoringLimits.modelRetryMs);
  await state.versions.check();
  expect(await versionBehind(state, "@challenger")).toBe(2);
});

test("an alias that is not there yet, or cannot be read, harms nobody and is followed later", async () => {
  const state = kept("card-payments@shadow", "card-payments@unreadable", "card-payments@challenger");
  await state.versions.check();
  expect(await versionBehind(state, "@shadow")).toBeUndefined();
  expect(await versionBehind(state, "@challenger")).toBe(2);
  state.aliases.set("shadow", 5);
  await state.versions.check();
  expect(await versionBehind(state, "@shadow")).toBe(5);
});

test("who chose a number gets no other version, though the served one is replaced", async () => {
  const state = kept();
  const chosen = state.versions.choose("@v1");
  const champion = state.versions.choose("@champion");
  await state.served.swap(async () => constantModel(7, () => {}));
  const deadline = deadlineIn(state.clock, 1_000);
  const vectors = [Float32Array.of(0)];
  await expect(chosen?.predictor.predict(vectors, deadline)).rejects.toThrow("not loaded any more");
  const prediction = await champion?.predictor.predict(vectors, deadline);
  expect(prediction?.version.reference.version).toBe(7);
});
