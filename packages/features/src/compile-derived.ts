import type { BaseTransaction } from "@tollgate/contracts";
import type { FeatureDefinition } from "./definition.ts";
import { inputNames, orderDerived } from "./derived-order.ts";
import { featureName } from "./feature-name.ts";

/**
 * Compiles the derived features: they read the vector itself, as float32, so that they can be computed again
 * from a recorded one. One with a missing input is missing and its function is not called, unless it takes
 * what stands for missing.
 */
export function compileDerived<T extends BaseTransaction>(
  features: readonly FeatureDefinition<T>[],
  missing: Float64Array,
): (out: Float32Array, offset: number) => void {
  const names = features.map((feature) => featureName(feature));
  const absent = Float32Array.from(missing);
  const steps = orderDerived(features).ordered.map((feature) => ({
    column: names.indexOf(featureName(feature)),
    inputs: inputNames(feature).map((name) => names.indexOf(name)),
    skipsMissing: feature.takesMissing !== true,
    value: feature.value,
  }));
  const values = new Float64Array(4);
  return (out, offset) => {
    for (const { column, inputs, skipsMissing, value } of steps) {
      let isMissing = false;
      for (let position = 0; position < inputs.length; position += 1) {
        const input = inputs[position] ?? 0;
        values[position] = out[offset + input] ?? 0;
        if (skipsMissing && Object.is(values[position], absent[input])) isMissing = true;
      }
      const result = isMissing
        ? Number.NaN
        : value(values[0] ?? 0, values[1] ?? 0, values[2] ?? 0, values[3] ?? 0);
      out[offset + column] = Number.isFinite(result) ? result : (missing[column] ?? 0);
    }
  };
}
