import type { TransactionSchema } from "@tollgate/engagement";
import { expect, test } from "vitest";
import { warmUp } from "../src/warm-up.ts";
import type { Sale } from "./shop-engagement.ts";
import { createWay, servedVersion, type Way } from "./way.ts";

/** As many as a month's stream may have: the last of them a week from now. */
const secondsApart = 900;

function plan(way: Way, scored: { rows: number }): Way["plan"] {
  const { engagement } = way.compiled;
  const parse: TransactionSchema<Sale>["parse"] = (input, nowMs) => {
    const sale = input as Sale;
    if (sale.occurredAtMs <= nowMs) return { ok: true, value: sale };
    return { ok: false, faults: [{ path: "/occurredAt", message: "must not lie in the future" }] };
  };
  const stream = {
    ...engagement,
    transaction: { ...engagement.transaction, parse },
    *simulate({ startMs }: { readonly startMs: number }) {
      for (let number = 0; ; number += 1) {
        const occurredAtMs = startMs + number * secondsApart * 1000;
        const occurredAt = new Date(occurredAtMs).toISOString();
        const transaction = way.sale({ id: `w${number}`, occurredAtMs, occurredAt });
        yield { transaction, pattern: undefined, label: undefined };
      }
    },
  };
  return {
    ...way.plan,
    engagement: { ...way.compiled, engagement: stream },
    predictor: {
      async predict(vectors) {
        scored.rows += vectors.length;
        return { version: servedVersion, scores: new Float32Array(vectors.length) };
      },
      refusal: () => undefined,
    },
  };
}

test("a service starts at any moment, also where the simulated month reaches beyond it", async () => {
  const way = createWay();
  const scored = { rows: 0 };
  await warmUp(plan(way, scored));
  expect(scored.rows).toBeGreaterThan(2_500);
  // Nothing of a rehearsal is left.
  expect(way.log).toEqual([]);
  expect(await way.cardState(way.sale({ id: "w0" }).card)).toBeNull();
});
