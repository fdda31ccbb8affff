import type { BaseTransaction } from "@tollgate/contracts";
import type { FeatureCommon, Filter, MissingValue } from "../definition.ts";
import { missingValue } from "../definition.ts";
import { callSite } from "../call-site.ts";

/** What can be said of every feature beside its meaning. */
export interface FeatureOptions {
  /** The last part of the name, where the generated one is not wanted. */
  readonly name?: string;
  readonly description?: string;
  /** What it holds when it cannot be known: -1 unless told. */
  readonly missing?: MissingValue;
  /** Values outside are counted by a guard. */
  readonly range?: { readonly min?: number; readonly max?: number };
}

export interface FilterOptions<T extends BaseTransaction> extends FeatureOptions {
  /** Only transactions that this filter accepts, of those that a feature would count without it. */
  readonly where?: Filter<T>;
}

export interface WindowOptions<T extends BaseTransaction> extends FilterOptions<T> {
  /** Whether the transaction that is scored counts: true unless told; never with a delay. */
  readonly includesCurrent?: boolean;
}

/** The parts that all features share; captures the line of the call, so it is called by builders only. */
export function commonOf(
  options: FeatureOptions,
  own: { readonly unit: string; readonly min?: number; readonly max?: number },
): FeatureCommon {
  return {
    unit: own.unit,
    description: options.description,
    range: Object.freeze({
      min: options.range?.min ?? own.min ?? null,
      max: options.range?.max ?? own.max ?? null,
    }),
    missing: options.missing ?? missingValue,
    name: options.name,
    definedAt: callSite(),
  };
}
