import type { SwapReport } from "@tollgate/inference";
import { silentLogger } from "@tollgate/runtime";
import { testClock } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { scoringLimits } from "../src/index.ts";
import { aliasOfReference, createModelWatch, type ModelWatch } from "../src/model-watch.ts";

const report: SwapReport = { loadMs: 200, drainMs: 1 };

interface Watched {
  readonly watch: ModelWatch;
  /** Where the alias points to; an error when it cannot be read. */
  alias: number | undefined | Error;
  served: number;
  /** Versions that do not load. */
  readonly broken: Set<number>;
  /** Versions that a swap was tried to, in order. */
  readonly tried: number[];
  readonly told: string[];
  readonly clock: ReturnType<typeof testClock>;
}

function watched(): Watched {
  const clock = testClock();
  const state: Watched = {
    clock,
    alias: 1,
    served: 1,
    broken: new Set(),
    tried: [],
    told: [],
    watch: createModelWatch({
      alias: { name: "card-payments", alias: "champion" },
      registry: {
        async aliasOf(name, alias) {
          expect([name, alias]).toEqual(["card-payments", "champion"]);
          if (state.alias instanceof Error) throw state.alias;
          return state.alias;
        },
      },
      servedVersion: () => state.served,
      async swap() {
        const version = Number(state.alias);
        state.tried.push(version);
        if (state.broken.has(version)) throw new Error("golden rows differ");
        state.served = version;
        return report;
      },
      clock,
      logger: silentLogger(),
      observer: {
        loaded: ({ loadMs }) => void state.told.push(`loaded in ${loadMs} ms`),
        refused: () => void state.told.push("refused"),
        unreadable: () => void state.told.push("unreadable"),
      },
    }),
  };
  return state;
}

test("an alias that stays costs one look and no load", async () => {
  const state = watched();
  await state.watch.check();
  await state.watch.check();
  expect(state.tried).toEqual([]);
  expect(state.told).toEqual([]);
});

test("an alias that moves brings the new version, forward and back", async () => {
  const state = watched();
  state.alias = 2;
  await state.watch.check();
  await state.watch.check();
  expect(state.served).toBe(2);
  state.alias = 1;
  await state.watch.check();
  expect(state.tried).toEqual([2, 1]);
  expect(state.told).toEqual(["loaded in 200 ms", "loaded in 200 ms"]);
});

test("a version that does not load leaves the served one, and is tried again after a while", async () => {
  const state = watched();
  state.alias = 2;
  state.broken.add(2);
  await state.watch.check();
  await state.watch.check();
  state.clock.advanceMs(scoringLimits.modelRetryMs - 1);
  await state.watch.check();
  expect(state.tried).toEqual([2]);
  state.broken.clear();
  state.clock.advanceMs(1);
  await state.watch.check();
  expect(state.tried).toEqual([2, 2]);
  expect(state.served).toBe(2);
  expect(state.told).toEqual(["refused", "loaded in 200 ms"]);
});

test("the next version after a broken one is taken at once", async () => {
  const state = watched();
  state.alias = 2;
  state.broken.add(2);
  await state.watch.check();
  state.alias = 3;
  await state.watch.check();
  expect(state.served).toBe(3);
});

test("an alias that cannot be read leaves the served version, and is counted at every look", async () => {
  const state = watched();
  state.alias = undefined;
  await state.watch.check();
  state.alias = new Error("the disk is away");
  await state.watch.check();
  expect(state.served).toBe(1);
  expect(state.told).toEqual(["unreadable", "unreadable"]);
  state.alias = 2;
  await state.watch.check();
  expect(state.served).toBe(2);
});

test("only an alias is followed: a version is one for ever", () => {
  expect(aliasOfReference("card-payments@champion")).toEqual({ name: "card-payments", alias: "champion" });
  expect(aliasOfReference("card-payments@v3")).toBeUndefined();
  expect(aliasOfReference("card-payments/3")).toBeUndefined();
});
