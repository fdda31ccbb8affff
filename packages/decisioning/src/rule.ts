import type { BaseTransaction } from "@tollgate/contracts";

/** A hand-written rule: when it holds, the outcome is at least this strict, and the reason says why. */
export interface RuleDefinition<T extends BaseTransaction> {
  /** Stable, for machines and analysts: `CARD_TESTING_BURST`. */
  readonly code: string;
  readonly description: string;
  readonly outcome: "review" | "decline";
  /** Names of the features that `when` reads, in the order it gets them; checked at start. */
  readonly features: readonly string[];
  /** True when the rule fires. A missing feature is `missingValue` (-1): a rule must not fire on it. */
  readonly when: (transaction: T, ...values: readonly number[]) => boolean;
}
