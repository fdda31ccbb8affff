import type { BaseTransaction } from "@tollgate/contracts";
import type { TransactionFeature } from "../definition.ts";
import { commonOf, type FeatureOptions } from "./feature-options.ts";

export interface TransactionOptions<T extends BaseTransaction> extends Omit<FeatureOptions, "name"> {
  readonly unit: string;
  readonly description: string;
  /** Undefined or not a number where it cannot be known: the missing value then. */
  readonly value: (transaction: T) => number | undefined;
  /** Raise it when `value` changes what it means: a model trained on the old meaning is then refused. */
  readonly revision?: number;
}

/** A feature of the transaction alone: `transaction:<name>`. */
export function ofTransaction<T extends BaseTransaction>(
  name: string,
  options: TransactionOptions<T>,
): TransactionFeature<T> {
  const { value, revision } = options;
  const common = commonOf(options, { unit: options.unit });
  return Object.freeze({ ...common, kind: "transaction", name, revision, value });
}
