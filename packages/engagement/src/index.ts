export type {
  DatasetDefinition,
  Engagement,
  Monitoring,
  ServiceLevels,
  SimulatedTransaction,
  SimulationOptions,
  TransactionSchema,
} from "./engagement.ts";
export { compileEngagement } from "./compile-engagement.ts";
export type { CompiledEngagement } from "./compile-engagement.ts";
export { faultsOf, parseWith } from "./zod-transaction.ts";
export { createRandom, habitNormal, habitUniform } from "./random.ts";
export type { Random } from "./random.ts";
export { featureReference } from "./feature-reference.ts";
