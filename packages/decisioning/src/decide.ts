import { createHash } from "node:crypto";
import type { BaseTransaction, Outcome, Reason } from "@tollgate/contracts";
import type { Thresholds } from "./policy.ts";
import type { RuleDefinition } from "./rule.ts";

export interface Verdict {
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
}

/** What a decision is made of: the vector is read from `offset`; `score` is null when no model answered. */
export interface DecisionInput<T extends BaseTransaction> {
  readonly transaction: T;
  readonly vector: Float32Array;
  readonly offset: number;
  readonly score: number | null;
  readonly thresholds: Thresholds | null;
}

export interface DecisionEngine<T extends BaseTransaction> {
  /** Changes with any rule's code, outcome or features: part of every decision. */
  readonly rulesVersion: string;
  /** Total: it cannot fail on any transaction. A rule that throws is skipped and named in a reason. */
  decide(input: DecisionInput<T>): Verdict;
}

interface CompiledRule<T extends BaseTransaction> {
  readonly rule: RuleDefinition<T>;
  readonly columns: readonly number[];
  readonly reason: Reason;
}

/** Compiles rules against a feature order; throws when a rule names an unknown feature or a code twice. */
export function compileDecisionEngine<T extends BaseTransaction>(
  rules: readonly RuleDefinition<T>[],
  featureNames: readonly string[],
): DecisionEngine<T> {
  const compiled = rules.map((rule) => compileRule(rule, featureNames));
  const codes = rules.map((rule) => rule.code);
  const twice = codes.find((code, position) => codes.indexOf(code) !== position);
  if (twice !== undefined) throw new Error(`two rules have the code ${twice}`);
  return {
    rulesVersion: rulesVersionOf(rules),
    decide(input) {
      const reasons: Reason[] = [];
      let strictness = 0;
      for (const entry of compiled) {
        const fired = evaluate(entry, input);
        if (fired === "failed") reasons.push(ruleFailed(entry.rule.code));
        if (fired !== "yes") continue;
        reasons.push(entry.reason);
        strictness = Math.max(strictness, entry.rule.outcome === "decline" ? 2 : 1);
      }
      strictness = Math.max(strictness, modelStrictness(input, reasons));
      return { outcome: strictness === 2 ? "decline" : strictness === 1 ? "review" : "approve", reasons };
    },
  };
}

function compileRule<T extends BaseTransaction>(
  rule: RuleDefinition<T>,
  featureNames: readonly string[],
): CompiledRule<T> {
  const columns = rule.features.map((name) => {
    const column = featureNames.indexOf(name);
    if (column < 0)
      throw new Error(`the rule ${rule.code} reads "${name}", which is not a feature of the set`);
    return column;
  });
  return { rule, columns, reason: { code: rule.code, kind: "rule", description: rule.description } };
}

function evaluate<T extends BaseTransaction>(
  entry: CompiledRule<T>,
  input: DecisionInput<T>,
): "yes" | "no" | "failed" {
  const values = entry.columns.map((column) => input.vector[input.offset + column] ?? Number.NaN);
  try {
    return entry.rule.when(input.transaction, ...values) ? "yes" : "no";
  } catch {
    return "failed";
  }
}

function ruleFailed(code: string): Reason {
  return { code: "RULE_FAILED", kind: "platform", description: `The rule ${code} could not be evaluated.` };
}

function modelStrictness<T extends BaseTransaction>(input: DecisionInput<T>, reasons: Reason[]): number {
  const { score, thresholds } = input;
  if (score === null || thresholds === null || !(score >= thresholds.review)) return 0;
  const declined = score >= thresholds.decline;
  const limit = declined ? thresholds.decline : thresholds.review;
  reasons.push({
    code: declined ? "MODEL_SCORE_DECLINE" : "MODEL_SCORE_REVIEW",
    kind: "model",
    description:
      `The model's fraud probability ${score.toFixed(4)} reaches the ` +
      `${declined ? "decline" : "review"} threshold ${limit.toFixed(4)}.`,
  });
  return declined ? 2 : 1;
}

function rulesVersionOf<T extends BaseTransaction>(rules: readonly RuleDefinition<T>[]): string {
  const text = rules.map((rule) => [rule.code, rule.outcome, rule.features, rule.when.toString()]);
  return createHash("sha256").update(JSON.stringify(text)).digest("hex").slice(0, 12);
}
