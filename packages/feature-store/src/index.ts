export { connectRedis } from "./connect-redis.ts";
export type { RedisSettings } from "./connect-redis.ts";
export { redisFeatureStore } from "./redis-feature-store.ts";
export type { RedisConnection, RedisStoreOptions } from "./redis-feature-store.ts";
export { memoryFeatureStore } from "./memory-feature-store.ts";
export { redisKeys } from "./keys.ts";
export { isLayoutDigest, layoutDigest } from "./layout-digest.ts";
export { redisStateLayouts } from "./state-layouts.ts";
export type { StateLayouts } from "./state-layouts.ts";
export { storeLimits } from "./limits.ts";
export { redisSubmissionBook } from "./submission-book.ts";
export type { SubmissionBook, RejectedSubmission } from "./submission-book.ts";
export { emptyRow } from "./state-row.ts";
export type { RowFault, StateRow } from "./state-row.ts";
export { silentStoreObserver } from "./store-observer.ts";
export type { CircuitState, StoreObserver } from "./store-observer.ts";
export type { Claim } from "./claim.ts";
export { isOfAnotherKey, keyMark } from "./key-mark.ts";
export type {
  ClaimAddress,
  DecisionEntry,
  DecisionPlace,
  FeatureStore,
  Recalled,
  RecalledState,
  StateAddress,
  StateWrite,
  StoredDecision,
} from "./feature-store.ts";
