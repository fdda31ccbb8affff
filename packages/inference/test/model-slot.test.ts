import { systemClock } from "@tollgate/runtime";
import { expect, onTestFinished, test } from "vitest";
import {
  createModelSlot,
  type ModelSlot,
  type Placement,
  type ScoringInput,
  type ScoringModel,
} from "../src/index.ts";
import { farDeadline, loadTinyModel, tinyScore } from "./support/load-tiny-model.ts";
import { nextTurn } from "./support/numbered-model.ts";
import { workerTests } from "./support/worker-tests.ts";

const clock = systemClock();

async function slotWith(placement: Placement): Promise<ModelSlot> {
  const slot = createModelSlot({ model: await loadTinyModel({ version: 1 }, { placement }), clock });
  onTestFinished(async () => slot.close());
  return slot;
}

const inputOf = (a: number): ScoringInput => ({
  vectors: Float32Array.of(a, 0, 0),
  rows: 1,
  deadline: farDeadline,
});

test.for(["in-thread", "worker"] as const)(
  "swaps of a model %s while callers score fail nobody",
  workerTests,
  async (placement) => {
    const slot = await slotWith(placement);
    const swapping = new AbortController();
    const versions = new Set<number>();
    let answered = 0;
    const callers = Array.from({ length: 4 }, async (_, caller) => {
      while (!swapping.signal.aborted) {
        const { model, scores } = await slot.predict(() => inputOf(caller));
        expect(scores[0]).toBeCloseTo(tinyScore([caller, 0, 0]), 6);
        versions.add(model.reference.version);
        answered += 1;
        await nextTurn();
      }
    });
    for (let version = 2; version <= 6; version += 1) {
      await slot.swap(async () => loadTinyModel({ version }, { placement }));
      expect(slot.current.model.reference.version).toBe(version);
    }
    swapping.abort();
    await Promise.all(callers);
    expect(versions.size).toBeGreaterThan(3);
    expect(answered).toBeGreaterThan(versions.size);
  },
);

test("who waits for the old model is answered by it, who comes after the switch by the new", async () => {
  const slot = await slotWith("in-thread");
  const waiting = slot.predict(() => inputOf(1));
  const swap = slot.swap(async () => loadTinyModel({ version: 2 }));
  expect((await waiting).model.reference.version).toBe(1);
  const report = await swap;
  expect(report.loadMs).toBeGreaterThan(0);
  expect((await slot.predict(() => inputOf(1))).model.reference.version).toBe(2);
});

test("a model that cannot be loaded leaves the old one serving", workerTests, async () => {
  const slot = await slotWith("worker");
  const wrong = { goldenRows: [{ vector: "AAAAAAAAAAAAAAAA", probability: 0.9 }] };
  const swap = slot.swap(async () => loadTinyModel({ version: 2, ...wrong }, { placement: "worker" }));
  await expect(swap).rejects.toMatchObject({ code: "GOLDEN_ROWS_DIFFER" });
  expect((await slot.predict(() => inputOf(1))).model.reference.version).toBe(1);
});

test("swaps that meet go one after the other, and closing waits for them", async () => {
  const slot = await slotWith("in-thread");
  const order: number[] = [];
  const closedModels: number[] = [];
  const load = (version: number) => async (): Promise<ScoringModel> => {
    order.push(version);
    const model = await loadTinyModel({ version });
    const close = async (): Promise<void> => {
      closedModels.push(version);
      await model.close();
    };
    return { ...model, close };
  };
  const swaps = [2, 3, 4].map(async (version) => slot.swap(load(version)));
  await slot.close();
  await Promise.all(swaps);
  expect(order).toEqual([2, 3, 4]);
  expect(closedModels).toEqual([2, 3, 4]);
  await expect(slot.swap(load(5))).rejects.toMatchObject({ code: "CLOSED" });
  await expect(slot.predict(() => inputOf(1))).rejects.toMatchObject({ code: "CLOSED" });
});

test("a slot is busy as long as a caller waits", async () => {
  const slot = await slotWith("in-thread");
  expect(slot.busy).toBe(false);
  const answer = slot.predict(() => inputOf(1));
  expect(slot.busy).toBe(true);
  await slot.whenIdle();
  expect(slot.busy).toBe(false);
  await answer;
});
