import type { BaseTransaction } from "@tollgate/contracts";
import type { DerivedFeature, FeatureDefinition } from "../definition.ts";
import { commonOf, type FeatureOptions } from "./feature-options.ts";

/** Another feature: its definition, or its full name (`card@v1:count_1h`). */
export type FeatureInput<T extends BaseTransaction> = string | FeatureDefinition<T>;

/** A difference has the unit of what it is made of, which is known when the set is compiled. */
const unitOfInputs = "";

type DerivedOptions = Omit<FeatureOptions, "name">;

/** One feature divided by another: `derived:<name>`. Missing when one is missing or the divisor is 0. */
export function ratio<T extends BaseTransaction>(
  name: string,
  dividend: FeatureInput<T>,
  divisor: FeatureInput<T>,
  options: DerivedOptions = {},
): DerivedFeature<T> {
  const inputs = Object.freeze([dividend, divisor]);
  const value = (first: number, second: number): number => (second === 0 ? Number.NaN : first / second);
  const common = commonOf(options, { unit: "ratio" });
  return Object.freeze({
    ...common,
    kind: "derived",
    operation: "ratio",
    name,
    inputs,
    revision: undefined,
    value,
  });
}

/** One feature minus another, in their unit, which must be one: `derived:<name>`. Missing when one is. */
export function difference<T extends BaseTransaction>(
  name: string,
  minuend: FeatureInput<T>,
  subtrahend: FeatureInput<T>,
  options: DerivedOptions = {},
): DerivedFeature<T> {
  const inputs = Object.freeze([minuend, subtrahend]);
  const value = (first: number, second: number): number => first - second;
  const common = commonOf(options, { unit: unitOfInputs });
  return Object.freeze({
    ...common,
    kind: "derived",
    operation: "difference",
    name,
    inputs,
    revision: undefined,
    value,
  });
}

export interface ComputedOptions<T extends BaseTransaction> extends DerivedOptions {
  readonly unit: string;
  readonly description: string;
  /** One to four features, whose values are the function's arguments. */
  readonly from: readonly FeatureInput<T>[];
  /** Pure; not a number where it cannot be known. Not called when an input is missing. */
  readonly value: (first: number, second: number, third: number, fourth: number) => number;
  /** Called then too, with the values that stand for missing: 0 for a count of nothing, for example. */
  readonly takesMissing?: boolean;
  /** Raise it when `value` changes what it means: a model trained on the old meaning is then refused. */
  readonly revision?: number;
}

/** A feature computed of others in the vector: `derived:<name>`. */
export function derived<T extends BaseTransaction>(
  name: string,
  options: ComputedOptions<T>,
): DerivedFeature<T> {
  const { value, revision, takesMissing = false } = options;
  const inputs = Object.freeze([...options.from]);
  const common = commonOf(options, { unit: options.unit });
  const meaning = { name, inputs, revision, takesMissing, value };
  return Object.freeze({ ...common, ...meaning, kind: "derived", operation: "computed" });
}
