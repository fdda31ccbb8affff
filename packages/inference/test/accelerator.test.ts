import { silentLogger } from "@tollgate/runtime";
import { expect, test } from "vitest";
import { acceleratedSession, type DeviceFailure } from "../src/accelerated-session.ts";
import { createAcceleratorMemory, modelLimits } from "../src/index.ts";
import { breakEvenOf } from "../src/open-accelerator.ts";
import type { Session } from "../src/open-session.ts";
import { loadTinyModel } from "./support/load-tiny-model.ts";

/** A session that says on which processor it ran: every score is the given one. */
function sessionOf(score: number, ran: number[], fails?: () => void): Session {
  return {
    async score(_vectors, rows) {
      ran.push(rows);
      fails?.();
      return new Float32Array(rows).fill(score);
    },
    close: async () => {},
  };
}

function pair(fails?: () => void): {
  session: Session;
  onCpu: number[];
  onDevice: number[];
  failures: DeviceFailure[];
} {
  const onCpu: number[] = [];
  const onDevice: number[] = [];
  const failures: DeviceFailure[] = [];
  const session = acceleratedSession({
    cpu: sessionOf(0.25, onCpu),
    device: sessionOf(0.5, onDevice, fails),
    provider: "cuda",
    breakEvenRows: 8,
    deviceFailed: (failure) => void failures.push(failure),
  });
  return { session, onCpu, onDevice, failures };
}

const vectors = new Float32Array(100);

test("batches go to the device from the break-even size on, smaller ones to the CPU", async () => {
  const { session, onCpu, onDevice } = pair();
  for (const rows of [1, 7, 8, 64]) await session.score(vectors, rows);
  expect(onCpu).toEqual([1, 7]);
  expect(onDevice).toEqual([8, 64]);
});

test("a device that fails loses no batch, is reported once and not used again", async () => {
  const { session, onCpu, onDevice, failures } = pair(() => {
    throw new Error("device lost");
  });
  const scores = await Promise.all([session.score(vectors, 8), session.score(vectors, 9)]);
  expect(scores.map((answer) => [answer.length, answer[0]])).toEqual([
    [8, 0.25],
    [9, 0.25],
  ]);
  await session.score(vectors, 10);
  expect(onDevice).toEqual([8, 9]);
  expect(onCpu).toEqual([8, 9, 10]);
  expect(failures).toEqual([{ provider: "cuda", message: "device lost" }]);
  await session.close();
});

test("a device that gives no probabilities where the CPU does is given up", async () => {
  const failures: DeviceFailure[] = [];
  const parts = {
    provider: "webgpu",
    breakEvenRows: 1,
    deviceFailed: (each: DeviceFailure) => void failures.push(each),
  } as const;
  const device = sessionOf(Number.NaN, []);
  const session = acceleratedSession({ ...parts, cpu: sessionOf(0.25, []), device });
  expect([...(await session.score(vectors, 2))]).toEqual([0.25, 0.25]);
  expect(failures).toHaveLength(1);
  // Rows that have no score on the CPU either say nothing against the device.
  const unscorable = acceleratedSession({ ...parts, cpu: sessionOf(Number.NaN, []), device });
  expect([...(await unscorable.score(vectors, 1))]).toEqual([Number.NaN]);
  expect(failures).toHaveLength(1);
});

test("the break-even size is the one from which the device was faster at every size", () => {
  const sizes = (micros: readonly number[]): { rows: number; micros: number }[] =>
    [1, 16, 64, 256].map((rows, index) => ({ rows, micros: micros[index] ?? 0 }));
  const cpu = sizes([20, 100, 400, 1600]);
  expect(breakEvenOf(cpu, sizes([300, 300, 310, 320]), modelLimits)).toBe(64);
  expect(breakEvenOf(cpu, sizes([10, 300, 310, 320]), modelLimits)).toBe(64);
  expect(breakEvenOf(cpu, sizes([10, 50, 100, 200]), modelLimits)).toBe(1);
  expect(breakEvenOf(cpu, sizes([300, 300, 310, 1500]), modelLimits)).toBeUndefined();
});

test("the memory of a device is given to as many models as fit, and given back once", () => {
  const memory = createAcceleratorMemory(100);
  const first = memory.reserve(60);
  expect(memory.reserve(60)).toBeUndefined();
  first?.();
  first?.();
  expect(memory.reservedBytes).toBe(0);
  expect(memory.reserve(100)).toBeDefined();
});

test("a device that the machine does not have leaves the CPU scoring, and the log says why", async () => {
  const logged: Record<string, unknown>[] = [];
  const logger = {
    ...silentLogger(),
    info: (_event: string, fields?: object) => void logged.push({ ...fields }),
  };
  const model = await loadTinyModel({}, { accelerator: "cuda", logger });
  expect(model.accelerator).toMatchObject({ provider: "cpu", breakEvenRows: undefined });
  expect(logged[0]?.["acceleratorNote"]).toMatch(/^cuda: .*cannot be opened on cuda/u);
  await expect(model.score(new Float32Array(3), 1)).resolves.toHaveLength(1);
  await model.close();
});
