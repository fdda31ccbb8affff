export type { RuleDefinition } from "./rule.ts";
export { assertThresholds } from "./policy.ts";
export type { Directions, Policy, Thresholds } from "./policy.ts";
export { compileDecisionEngine } from "./decide.ts";
export type { DecisionEngine, DecisionInput, Verdict } from "./decide.ts";
