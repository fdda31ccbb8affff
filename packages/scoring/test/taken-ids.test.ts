import fc from "fast-check";
import { expect, test } from "vitest";
import { deadlineIn } from "@tollgate/runtime";
import {
  gatherScores,
  scoreOutcomes,
  scoreTransactions,
  ScoringError,
  scoringLimits,
  type Outcome,
} from "../src/index.ts";
import type { Sale } from "./shop-engagement.ts";
import { createWay, type Way } from "./way.ts";

const taken = "TRANSACTION_ID_TAKEN";

function requestOf(transaction: Sale): { readonly transaction: Sale; readonly source: "http" } {
  return { transaction, source: "http" };
}

async function outcomesOf(way: Way, ...sales: readonly Sale[]): Promise<readonly string[]> {
  return (await scoreOutcomes(way.plan, sales.map(requestOf))).map(described);
}

function described(outcome: Outcome): string {
  if (outcome instanceof ScoringError) return outcome.code;
  return outcome.repeated ? "repeated" : "decided";
}

test("an id that was decided for one card is refused for another: nothing is counted", async () => {
  const way = createWay();
  const [mine, others] = ["mine", "others"].map((card) => way.sale({ id: "p1", card }));
  if (mine === undefined || others === undefined) throw new Error("two sales");
  expect(await outcomesOf(way, mine)).toEqual(["decided"]);
  expect(await outcomesOf(way, others)).toEqual([taken]);
  await expect(scoreTransactions(way.plan, [requestOf(others)])).rejects.toMatchObject({ code: taken });
  expect(way.log).toHaveLength(1);
  expect(await way.cardState("others")).toBeNull();
  expect(await outcomesOf(way, mine)).toEqual(["repeated"]);
});

test("in one call the first card has the id, the second is refused, and the others are decided", async () => {
  const way = createWay();
  const sales = [
    way.sale({ id: "p1", card: "first" }),
    way.sale({ id: "p1", card: "second" }),
    way.sale({ id: "p2", card: "second" }),
    way.sale({ id: "p1", card: "first" }),
  ];
  expect(await outcomesOf(way, ...sales)).toEqual(["decided", taken, "decided", "repeated"]);
  expect(way.log.map(({ transactionId }) => transactionId)).toEqual(["p1", "p2"]);
});

test("in one call a card that was counted under the id before keeps it, wherever it stands", async () => {
  const way = createWay();
  const [others, mine] = ["others", "mine"].map((card) => way.sale({ id: "p1", card }));
  if (mine === undefined || others === undefined) throw new Error("two sales");
  way.failAppends = true;
  await expect(outcomesOf(way, mine)).rejects.toThrow(/recorded/u);
  way.failAppends = false;
  way.clock.advanceMs(scoringLimits.claimLeaseMs + 1);
  expect(await outcomesOf(way, others, mine)).toEqual([taken, "decided"]);
  expect(way.log.map(({ partitionKey }) => partitionKey)).toEqual(["mine"]);
});

test("callers whose requests go together are told apart: one is refused, the others are not", async () => {
  const way = createWay();
  const gatherer = gatherScores(way.plan);
  const calls = ["first", "second", "third"].map((card, number) =>
    gatherer.score(
      [requestOf(way.sale({ id: number === 2 ? "p2" : "p1", card }))],
      deadlineIn(way.clock, 100),
    ),
  );
  const outcomes = await Promise.all(calls);
  expect(outcomes.flat().map(described)).toEqual(["decided", taken, "decided"]);
});

test("the log tells the card too: what the scorer could not keep is kept from there", async () => {
  const way = createWay();
  const forgetful = { ...way.plan, firstDecisions: { keep: () => {} } };
  await scoreOutcomes(forgetful, [requestOf(way.sale({ id: "p1", card: "mine" }))]);
  await way.applyLog();
  expect(await outcomesOf(way, way.sale({ id: "p1", card: "others" }))).toEqual([taken]);
});

test("a decision that was kept without its card is given to whoever asks", async () => {
  const way = createWay();
  await outcomesOf(way, way.sale({ id: "p1", card: "mine" }));
  const store: Way["store"] = {
    ...way.store,
    async recall(states, claims) {
      const recalled = await way.store.recall(states, claims);
      const decisions = recalled.decisions.map((kept) => (kept === null ? null : { ...kept, mark: null }));
      return { ...recalled, decisions };
    },
  };
  const [outcome] = await scoreOutcomes({ ...way.plan, store }, [
    requestOf(way.sale({ id: "p1", card: "others" })),
  ]);
  expect(outcome).toMatchObject({ repeated: true });
});

test("whatever is sent in whatever order, an id belongs to the first card decided under it", async () => {
  const sent = fc.array(fc.record({ id: fc.constantFrom("a", "b", "c"), card: fc.constantFrom("1", "2") }), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(sent, fc.integer({ min: 1, max: 4 }), async (all, together) => {
      const way = createWay();
      const owners = new Map<string, string>();
      const expected: string[] = [];
      const found: string[] = [];
      for (let from = 0; from < all.length; from += together) {
        const some = all.slice(from, from + together);
        for (const { id, card } of some) {
          const owner = owners.get(id);
          expected.push(owner === undefined ? "decided" : owner === card ? "repeated" : taken);
          owners.set(id, owner ?? card);
        }
        found.push(...(await outcomesOf(way, ...some.map((one) => way.sale(one)))));
      }
      expect(found).toEqual(expected);
      expect(way.log).toHaveLength(owners.size);
    }),
  );
});
