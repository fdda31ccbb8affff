import type { BaseTransaction } from "@tollgate/contracts";
import { compileDecisionEngine, type DecisionEngine } from "@tollgate/decisioning";
import { compileFeatureSet, type CompiledEntity, type FeatureSet } from "@tollgate/features";
import type { Engagement } from "./engagement.ts";

/** An engagement with everything derived from it, ready to serve. */
export interface CompiledEngagement<T extends BaseTransaction> {
  readonly engagement: Engagement<T>;
  readonly featureSet: FeatureSet<T>;
  readonly decisions: DecisionEngine<T>;
  /** The entity that orders the log: partitions are keyed by it. */
  readonly partitionEntity: CompiledEntity<T>;
}

/** Compiles at start; throws with what to mend when the engagement does not hold together. */
export function compileEngagement<T extends BaseTransaction>(
  engagement: Engagement<T>,
): CompiledEngagement<T> {
  const featureSet = compileFeatureSet(engagement.featureSet, fieldsOf(engagement));
  const transactional = featureSet.entities.filter((entity) => entity.consistency === "transactional");
  const [partitionEntity] = transactional;
  if (partitionEntity === undefined || transactional.length > 1) {
    throw new Error(
      `the engagement "${engagement.name}" must have exactly one transactional entity, ` +
        `it has ${transactional.length}: Kafka's partitions are keyed by it`,
    );
  }
  assertDirections(engagement, featureSet.names);
  return {
    engagement,
    featureSet,
    decisions: compileDecisionEngine(engagement.rules, featureSet.names),
    partitionEntity,
  };
}

/** A feature that was renamed would else lose its direction in silence. */
function assertDirections<T extends BaseTransaction>(
  { name, policy }: Engagement<T>,
  features: readonly string[],
): void {
  const { neverSafer = [], neverRiskier = [] } = policy.directions ?? {};
  const unknown = [...neverSafer, ...neverRiskier].filter((feature) => !features.includes(feature));
  if (unknown.length > 0) {
    throw new Error(
      `policy.directions of "${name}" names ${unknown.join(", ")}: the feature set has no such feature`,
    );
  }
  const both = neverSafer.filter((feature) => neverRiskier.includes(feature));
  if (both.length > 0) {
    throw new Error(
      `policy.directions of "${name}" names ${both.join(", ")} both ways: a feature that must not matter ` +
        "is better left out",
    );
  }
}

/** The fields that features may name: those of the transaction's schema, where it lists any. */
function fieldsOf<T extends BaseTransaction>({
  transaction,
}: Engagement<T>): { readonly fields?: readonly string[] } {
  const properties = transaction.jsonSchema["properties"];
  return typeof properties === "object" && properties !== null ? { fields: Object.keys(properties) } : {};
}
