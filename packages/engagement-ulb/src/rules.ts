import type { RuleDefinition } from "@tollgate/decisioning";
import type { UlbPayment } from "./transaction.ts";

/**
 * Anonymous columns leave little for a person to write a rule on. These two read the components that separate
 * best by eye in the published set: a floor for a model to beat.
 */
export const rules: readonly RuleDefinition<UlbPayment>[] = [
  {
    code: "COMPONENT_14_LOW",
    description: "Component 14 is far below that of nearly all payments.",
    outcome: "review",
    features: ["transaction:v14"],
    when: (_payment, component = 0) => component < -7,
  },
  {
    code: "LARGE_AMOUNT",
    description: "More than 10,000 euros in one payment.",
    outcome: "review",
    features: ["transaction:amount"],
    when: (_payment, euros = 0) => euros > 10_000,
  },
];
