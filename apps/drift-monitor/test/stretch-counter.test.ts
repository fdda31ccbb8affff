import { silentLogger, systemClock } from "@tollgate/runtime";
import { expect, test as base, type TestAPI } from "vitest";
import { createStretchCounter, type StretchCounter } from "../src/stretch-counter.ts";
import { readDecision } from "../src/read-decision.ts";
import { createWatchedModels } from "../src/watched-models.ts";
import { decision, streamStartMs } from "./records.ts";
import { compiled, profile, registryFolder } from "./test-engagement.ts";

const nowMs = Date.UTC(2026, 6, 1);

const test: TestAPI<{ counter: StretchCounter }> = base.extend<{ counter: StretchCounter }>({
  counter: async ({}, use) => {
    const parts = { clock: systemClock(), logger: silentLogger() };
    const models = createWatchedModels({ ...parts, registryFolder, model: "card-payments@champion" });
    await use(createStretchCounter({ models, engagement: compiled.engagement, nowMs }));
  },
});

const reasonsOf = (counter: StretchCounter): readonly string[] =>
  counter.result().oddities.map(({ reason }) => reason);

test("a decision is counted in `all` and in the segment of its attribute", async ({ counter }) => {
  await counter.countDecisions([{ record: decision(1, { occurredAtMs: streamStartMs }), place: "here" }]);
  const { deltas, newestMs, oddities } = counter.result();
  expect(oddities).toEqual([]);
  expect(newestMs).toBe(streamStartMs);
  expect(new Set(deltas.flatMap(({ tiles }) => tiles.map(({ key }) => key.segment))).size).toBe(2);
});

test("a decision of a model version without a reference is counted apart, with the reason", async ({
  counter,
}) => {
  const model = { name: "card-payments", version: 9 };
  await counter.countDecisions([
    { record: decision(1, { occurredAtMs: streamStartMs, model, outcome: "review" }), place: "here" },
  ]);
  const { unreferenced, deltas } = counter.result();
  expect(deltas).toEqual([]);
  expect(unreferenced).toEqual([
    expect.objectContaining({
      model: "card-payments",
      version: 9,
      dayMs: streamStartMs,
      review: 1,
      approve: 0,
    }),
  ]);
  expect(unreferenced[0]?.reason).toMatch(
    /card-payments@v9 cannot be had from the registry \(MODEL_NOT_FOUND\)/u,
  );
});

test("a model's name from the log is not a path", async ({ counter }) => {
  const model = { name: "../../etc", version: 1 };
  await counter.countDecisions([
    { record: decision(1, { occurredAtMs: streamStartMs, model }), place: "here" },
  ]);
  expect(counter.result().unreferenced[0]?.reason).toContain("MODEL_REFERENCE_INVALID");
});

test("a decision without a model counts under the champion", async ({ counter }) => {
  await counter.countDecisions([
    { record: decision(1, { occurredAtMs: streamStartMs, model: null, score: null }), place: "here" },
  ]);
  const { deltas } = counter.result();
  expect(deltas.length).toBeGreaterThan(0);
  for (const { model } of deltas) expect(model).toMatchObject(profile.model);
});

test.for([
  [{ vector: undefined }, "vector-absent"],
  [{ vector: "" }, "vector-absent"],
  [{ vector: "AAA=" }, "vector-undecodable"],
  [{ vector: "no base64!" }, "vector-undecodable"],
  [{ vector: "AACAPw==" }, "vector-wrong-length"],
  [{ featureSet: "another" }, "vector-other-feature-set"],
] as const)(
  "a decision with %j is counted all the same, and said so",
  async ([change, reason], { counter }) => {
    const record = { ...decision(1, { occurredAtMs: streamStartMs }), ...change } as ReturnType<
      typeof decision
    >;
    await counter.countDecisions([{ record, place: "here" }]);
    expect(reasonsOf(counter)).toEqual([reason]);
    expect(counter.result().deltas.length).toBeGreaterThan(0);
  },
);

test("an event from the future is refused, and moves no clock", async ({ counter }) => {
  const record = decision(1, { occurredAtMs: nowMs + 400 * 86_400_000 });
  await counter.countDecisions([{ record, place: "here" }]);
  expect(reasonsOf(counter)).toEqual(["decision-future"]);
  expect(counter.result()).toMatchObject({ newestMs: null, deltas: [] });
});

test.for([
  [null, "has no value"],
  ["no JSON", "is not JSON"],
  ["[]", "has no times"],
  ['{"occurredAt":"2026-03-01T00:00:00Z","decidedAt":"x"}', "has no times"],
  [JSON.stringify({ ...decision(1, { occurredAtMs: 0 }), outcome: "maybe" }), "has no outcome"],
  [JSON.stringify({ ...decision(1, { occurredAtMs: 0 }), score: "high" }), "has no score"],
  [JSON.stringify({ ...decision(1, { occurredAtMs: 0 }), model: { name: "" } }), "has no model reference"],
  [JSON.stringify({ ...decision(1, { occurredAtMs: 0 }), transaction: null }), "has no transaction"],
] as const)("a record that is no decision says why: %#", ([value, fault]) => {
  expect(readDecision(value === null ? null : Buffer.from(value))).toEqual({ ok: false, fault });
});
