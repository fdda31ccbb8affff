/** One thing that is wrong in a feature set's definition. */
export interface DefinitionFault {
  /** `file:line` of the feature, or of the first that uses an entity; the entity itself where none does. */
  readonly definedAt: string;
  /** Name of the feature or `entity "…"`. */
  readonly name: string;
  /** What is wrong and what to do. */
  readonly reason: string;
}

/** A feature set that does not hold together; it carries every fault that was found, not only the first. */
export class FeatureDefinitionError extends Error {
  readonly faults: readonly DefinitionFault[];

  constructor(faults: readonly DefinitionFault[]) {
    const lines = faults.map(({ definedAt, name, reason }) => `  ${definedAt} ${name}: ${reason}`);
    super([`the feature set has ${faults.length} faults:`, ...lines].join("\n"));
    this.name = "FeatureDefinitionError";
    this.faults = faults;
  }
}
