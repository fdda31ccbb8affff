import type { BaseTransaction, DecisionAnswer } from "@tollgate/contracts";

/** One transaction that passed validation. */
export interface ScoreRequest<T extends BaseTransaction> {
  readonly transaction: T;
  readonly source: "http" | "kafka";
}

/** What became of it. Already recorded: in the decision log, or durably on its way there. */
export interface Scored {
  readonly answer: DecisionAnswer;
  /** True when this id had been decided before: the first decision again, nothing was counted twice. */
  readonly repeated: boolean;
}
