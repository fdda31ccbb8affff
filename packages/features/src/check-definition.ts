import type { BaseTransaction } from "@tollgate/contracts";
import { checkEntities } from "./check-entities.ts";
import { checkStateFeature } from "./check-state-feature.ts";
import type { DerivedFeature, FeatureDefinition, FeatureSetDefinition } from "./definition.ts";
import { inputNames, orderDerived } from "./derived-order.ts";
import { FeatureDefinitionError, type DefinitionFault } from "./feature-definition-error.ts";
import { featureName } from "./feature-name.ts";
import { featureLimits } from "./limits.ts";
import { inputsAmong, unitOf } from "./unit-of.ts";

export interface CheckOptions {
  /** Names of the transaction's fields, by its schema; without them fields are not checked. */
  readonly fields?: readonly string[];
}

/** Throws a {@link FeatureDefinitionError} with every fault of a definition; returns when there is none. */
export function checkDefinition<T extends BaseTransaction>(
  definition: FeatureSetDefinition<T>,
  options: CheckOptions,
): void {
  const { features } = definition;
  const faults = [...checkEntities(definition)];
  const seen = new Map<string, string>();
  for (const feature of features) {
    const name = featureName(feature);
    const { definedAt } = feature;
    const say = (reason: string): void => void faults.push({ definedAt, name, reason });
    const first = seen.get(name);
    if (first !== undefined) say(`the name is taken by the feature of ${first}: give one of them a \`name\``);
    else seen.set(name, definedAt);
    checkCommon(feature, say);
    if (feature.kind === "derived") checkDerived(feature, { features, say });
    else if (feature.kind !== "transaction") checkStateFeature(feature, { definition, options, say });
  }
  faults.push(...circlesOf(features));
  if (faults.length > 0) throw new FeatureDefinitionError(faults);
}

function checkCommon<T extends BaseTransaction>(
  feature: FeatureDefinition<T>,
  say: (reason: string) => void,
): void {
  const { missing, range, name } = feature;
  if (missing !== "not-a-number" && !Number.isFinite(missing)) {
    say(`the missing value is ${missing}: it must be finite, or "not-a-number"`);
  }
  if (
    Number.isNaN(range.min) ||
    Number.isNaN(range.max) ||
    (range.min ?? -Infinity) > (range.max ?? Infinity)
  ) {
    say(`the range is from ${range.min} to ${range.max}: its minimum must not be above its maximum`);
  }
  if (name !== undefined && !/^[a-z][a-z0-9_]*$/u.test(name)) {
    say(`the name "${name}" must be small letters, digits and underscores`);
  }
}

function checkDerived<T extends BaseTransaction>(
  feature: DerivedFeature<T>,
  context: {
    readonly features: readonly FeatureDefinition<T>[];
    readonly say: (reason: string) => void;
  },
): void {
  const names = inputNames(feature);
  const inputs = names.map((name) => context.features.find((other) => featureName(other) === name));
  for (const [position, input] of inputs.entries()) {
    if (input === undefined) context.say(`it reads "${names[position]}", which is not in the feature set`);
  }
  if (names.length === 0 || names.length > featureLimits.maxDerivedInputs) {
    context.say(`it reads ${names.length} features: it must be 1 to ${featureLimits.maxDerivedInputs}`);
  }
  if (feature.takesMissing !== true) {
    for (const input of inputs) if (input !== undefined) checkMissingInput(input, context.say);
  }
  const [first, second] = inputs;
  if (feature.operation !== "difference" || first === undefined || second === undefined) return;
  const inputsOf = inputsAmong(context.features);
  const [from, subtracted] = [unitOf(first, inputsOf), unitOf(second, inputsOf)];
  if (from !== subtracted) {
    context.say(`it subtracts ${subtracted} from ${from}: a difference needs one unit`);
  }
}

/** A recorded vector says that a value is missing only by the value that stands for it. */
function checkMissingInput<T extends BaseTransaction>(
  input: FeatureDefinition<T>,
  say: (reason: string) => void,
): void {
  const { missing, range } = input;
  if (missing === "not-a-number" || range.min === null) return;
  if (missing < range.min || missing > (range.max ?? Infinity)) return;
  const name = featureName(input);
  say(
    `${missing} stands for a missing "${name}" and is a value that it can have: ` +
      "give that another `missing`, or write `takesMissing: true` here where that value is meant",
  );
}

function circlesOf<T extends BaseTransaction>(
  features: readonly FeatureDefinition<T>[],
): readonly DefinitionFault[] {
  return orderDerived(features).circles.map((circle) => {
    const [name = ""] = circle;
    const feature = features.find((candidate) => featureName(candidate) === name);
    const reason = `it is made of itself: ${circle.join(" → ")}`;
    return { definedAt: feature?.definedAt ?? "", name, reason };
  });
}
