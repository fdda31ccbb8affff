export { connectRedis } from "./connect-redis.ts";
export { redisFeatureStore } from "./redis-feature-store.ts";
export type { RedisConnection, RedisStoreOptions } from "./redis-feature-store.ts";
export { memoryFeatureStore } from "./memory-feature-store.ts";
export { redisKeys } from "./keys.ts";
export type { Keys } from "./keys.ts";
export { storeLimits } from "./limits.ts";
export { decodeRow, emptyRow, encodeRow, rowVersion } from "./state-row.ts";
export type { StateRow } from "./state-row.ts";
export type { Claim } from "./claim.ts";
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
