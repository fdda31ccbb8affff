import { decodeVector } from "@tollgate/contracts";
import { expect, test } from "vitest";
import { scoreTransactions, scoringLimits, type Predictor } from "../src/index.ts";
import { inputsOf } from "../src/predictor.ts";
import type { Sale } from "./shop-engagement.ts";
import { createWay, scoreOf, servedVersion, type Way } from "./way.ts";

interface SequenceWay {
  readonly way: Way;
  /** The vectors that the model was asked about. */
  readonly asked: Float32Array[];
  /** Whether a model is loaded that reads the sequence. */
  reads: boolean;
}

/** As {@link inputsOf} for a network: its columns are all features and all of the sequence. */
function sequenceWay(store?: Way["store"]): SequenceWay {
  const asked: Float32Array[] = [];
  const predictor: Predictor = {
    async predict(vectors) {
      if (state.reads) inputsOf(Int32Array.of(0, widthOf(state.way) - 1), vectors);
      asked.push(...vectors.map((vector) => vector.slice()));
      return { version: servedVersion, scores: Float32Array.from(vectors, scoreOf) };
    },
    refusal: () => undefined,
  };
  const parts = { predictor, readsSequence: () => state.reads };
  const way = createWay(store === undefined ? parts : { ...parts, store });
  const state: SequenceWay = { way, asked, reads: true };
  return state;
}

function widthOf({ compiled }: Way): number {
  return compiled.featureSet.size + (compiled.featureSet.sequence?.size ?? 0);
}

async function score({ way }: SequenceWay, ...sales: readonly Sale[]): ReturnType<typeof scoreTransactions> {
  return scoreTransactions(
    way.plan,
    sales.map((transaction) => ({ transaction, source: "kafka" })),
  );
}

test("a model that reads the sequence gets each earlier sale, those of its own batch too", async () => {
  const state = sequenceWay();
  const { way, asked } = state;
  const nowMs = way.sale({ id: "p0" }).occurredAtMs;
  await score(state, way.sale({ id: "p1", amount: 5 }));
  const later = [1, 2].map((number) =>
    way.sale({ id: `p${number + 1}`, amount: 5 + number, occurredAtMs: nowMs + number * 1000 }),
  );
  await score(state, ...later);
  const { size, sequence } = way.compiled.featureSet;
  const filled = asked.map((vector) => [...vector.subarray(size)].filter((value) => value !== -1));
  expect(sequence?.channels).toEqual(["seconds_since", "amount"]);
  expect(filled).toEqual([[], [1, 5], [2, 5, 1, 6]]);
});

test("the record holds the features and not the sequence", async () => {
  const state = sequenceWay();
  await score(state, state.way.sale({ id: "p1" }), state.way.sale({ id: "p2" }));
  const { size } = state.way.compiled.featureSet;
  const recorded = state.way.log.map(({ vector }) => [...decodeVector(vector)]);
  expect(recorded).toEqual(state.asked.map((vector) => [...vector.subarray(0, size)]));
});

test("while no model reads the sequence nothing is computed of it", async () => {
  const state = sequenceWay();
  state.reads = false;
  await score(state, state.way.sale({ id: "p1" }));
  expect(state.asked.map(({ length }) => length)).toEqual([state.way.compiled.featureSet.size]);
});

test("a sale resumed from its claim is scored with the sequence that its first attempt read", async () => {
  const state = sequenceWay();
  const { way, asked } = state;
  await score(state, way.sale({ id: "p1" }));
  await failToRecord(state, way.sale({ id: "p2" }));
  await score(state, way.sale({ id: "p3" }));
  await way.applyLog();
  const [answer] = await score(state, way.sale({ id: "p2" }));
  expect(answer?.answer).toMatchObject({ rung: "model", degraded: [] });
  expect(asked.at(-1)).toEqual(asked[1]);
  expect(asked.at(-1)).toHaveLength(widthOf(way));
});

test("a claim from before any model read the sequence is decided by the rules, and says so", async () => {
  const state = sequenceWay();
  state.reads = false;
  await failToRecord(state, state.way.sale({ id: "p1" }));
  state.reads = true;
  const [answer] = await score(state, state.way.sale({ id: "p1" }));
  expect(answer?.answer).toMatchObject({ rung: "rules", score: null, degraded: ["model"] });
});

test("a claim whose sequence meant something else is decided without its vector", async () => {
  const state = sequenceWay();
  await failToRecord(state, state.way.sale({ id: "p1" }));
  const { compiled, plan } = state.way;
  const { featureSet } = compiled;
  if (featureSet.sequence === undefined) throw new Error("the engagement has a sequence");
  const sequence = { ...featureSet.sequence, vectorHash: "another" };
  const engagement = { ...compiled, featureSet: { ...featureSet, sequence } };
  const request = { transaction: state.way.sale({ id: "p1" }), source: "kafka" } as const;
  const [answer] = await scoreTransactions({ ...plan, engagement }, [request]);
  expect(answer?.answer.degraded).toEqual(["features"]);
  expect(new Set(state.asked.at(-1)?.subarray(featureSet.size))).toEqual(new Set([-1]));
});

/** Counted, but not recorded: what is left is its claim, whose lease has ended. */
async function failToRecord(state: SequenceWay, sale: Sale): Promise<void> {
  state.way.failAppends = true;
  await expect(score(state, sale)).rejects.toThrow(/recorded/u);
  state.way.failAppends = false;
  state.way.clock.advanceMs(scoringLimits.claimLeaseMs + 1);
}
