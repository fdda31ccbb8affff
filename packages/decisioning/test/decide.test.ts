import { expect, test } from "vitest";
import type { BaseTransaction } from "@tollgate/contracts";
import { compileDecisionEngine, type RuleDefinition } from "../src/index.ts";

const transaction: BaseTransaction = { id: "t1", occurredAt: "2026-01-01T00:00:00Z", occurredAtMs: 0 };
const thresholds = { review: 0.5, decline: 0.9 };

function rule(
  code: string,
  outcome: "review" | "decline",
  when: RuleDefinition<BaseTransaction>["when"] = (_transaction, value = -1) => value > 1,
): RuleDefinition<BaseTransaction> {
  return { code, outcome, description: code, features: ["b"], when };
}

function decide(
  rules: readonly RuleDefinition<BaseTransaction>[],
  input: { readonly b: number; readonly score: number | null },
): { outcome: string; codes: string[] } {
  const engine = compileDecisionEngine(rules, ["a", "b"]);
  const vector = Float32Array.of(99, 0, input.b);
  const verdict = engine.decide({ transaction, vector, offset: 1, score: input.score, thresholds });
  return { outcome: verdict.outcome, codes: verdict.reasons.map((reason) => reason.code) };
}

test("the strictest of rules and model decides, and every reason is given", () => {
  const rules = [rule("R", "review"), rule("D", "decline")];
  expect(decide(rules, { b: 0, score: 0.1 })).toEqual({ outcome: "approve", codes: [] });
  expect(decide(rules, { b: 2, score: 0.6 })).toEqual({
    outcome: "decline",
    codes: ["R", "D", "MODEL_SCORE_REVIEW"],
  });
  expect(decide([rule("R", "review")], { b: 2, score: 0.95 })).toEqual({
    outcome: "decline",
    codes: ["R", "MODEL_SCORE_DECLINE"],
  });
});

test("a threshold counts from its value on, and without a score only rules decide", () => {
  expect(decide([], { b: 0, score: 0.5 }).outcome).toBe("review");
  expect(decide([], { b: 0, score: 0.4999 }).outcome).toBe("approve");
  expect(decide([rule("R", "review")], { b: 2, score: null })).toEqual({ outcome: "review", codes: ["R"] });
});

test("a rule that throws is named in a reason and does not stop the others", () => {
  const broken = rule("BROKEN", "decline", () => {
    throw new Error("defect");
  });
  expect(decide([broken, rule("R", "review")], { b: 2, score: null })).toEqual({
    outcome: "review",
    codes: ["RULE_FAILED", "R"],
  });
});

test("a rule on an unknown feature or with another's code is refused at start", () => {
  const unknown = { ...rule("R", "review"), features: ["nothing"] };
  expect(() => compileDecisionEngine([unknown], ["a"])).toThrow('reads "nothing"');
  expect(() => compileDecisionEngine([rule("R", "review"), rule("R", "decline")], ["b"])).toThrow("code R");
});
