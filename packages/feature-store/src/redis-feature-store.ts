import type { BaseTransaction } from "@tollgate/contracts";
import type { Redis } from "ioredis";
import { decodeClaim, encodeClaim, type Claim } from "./claim.ts";
import type {
  ClaimAddress,
  FeatureStore,
  Recalled,
  StateAddress,
  StateWrite,
  StoredDecision,
} from "./feature-store.ts";
import { redisKeys, type Keys } from "./keys.ts";
import { storeLimits } from "./limits.ts";
import { decodeRow, encodeRow, versionBytes, versionRange } from "./state-row.ts";

/** What the store uses of a Redis connection: {@link connectRedis} makes one. */
export type RedisConnection = Redis;

export interface RedisStoreOptions {
  /** Put before every key, with its own separator. */
  readonly prefix: string;
  /** How long a repeated transaction id gets its first decision. */
  readonly idempotencySeconds: number;
}

/** Writes a state and its claims if the version is still the expected one; answers 1 or 0. */
const rememberScript = `
if redis.call('GETRANGE', KEYS[1], ${versionRange.from}, ${versionRange.to}) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
for i = 2, #KEYS do redis.call('SET', KEYS[i], ARGV[i + 3], 'EX', ARGV[4]) end
return 1
`;

type RememberCommand = (
  keyCount: number,
  ...keysAndArguments: (string | Buffer | number)[]
) => Promise<number>;

/** The store on Redis 6.2 or newer: one value per entity, packed binary. */
export function redisFeatureStore<T extends BaseTransaction>(
  redis: RedisConnection,
  options: RedisStoreOptions,
): FeatureStore<T> {
  const keys = redisKeys(options.prefix);
  redis.defineCommand("tollgateRemember", { lua: rememberScript });
  const rememberCommand = (redis as unknown as { tollgateRemember: RememberCommand }).tollgateRemember;
  const rememberOne = rememberCommand.bind(redis);
  return {
    recall: (states, claims) => recall(redis, keys, { states, claims }),
    async remember(writes) {
      const results = await Promise.all(
        writes.map((write) => rememberOne(...rememberArguments(keys, write))),
      );
      return results.map((result) => result === 1);
    },
    async readDecisions(transactionIds) {
      if (transactionIds.length === 0) return [];
      const values = await redis.mget(transactionIds.map((id) => keys.decision(id)));
      return values.map(storedDecision);
    },
    async writeDecisions(entries) {
      const seconds = options.idempotencySeconds;
      await Promise.all(
        entries.map(({ transactionId, place, answer }) =>
          redis.set(
            keys.decision(transactionId),
            `${place === "logged" ? "L" : "O"}${answer}`,
            "EX",
            seconds,
          ),
        ),
      );
    },
    async releaseClaims(claims) {
      const seconds = options.idempotencySeconds;
      await Promise.all(
        claims.map((claim) => redis.expire(keys.claim(claim.key, claim.transactionId), seconds)),
      );
    },
    async readProgress() {
      const fields = await redis.hgetall(keys.progress());
      return new Map(Object.entries(fields).map(([partition, next]) => [Number(partition), Number(next)]));
    },
    async writeProgress(partition, nextOffset) {
      await redis.hset(keys.progress(), String(partition), String(nextOffset));
    },
    async ping() {
      await redis.ping();
    },
  };
}

async function recall<T extends BaseTransaction>(
  redis: Redis,
  keys: Keys,
  wanted: {
    readonly states: readonly StateAddress<T>[];
    readonly claims: readonly ClaimAddress[];
  },
): Promise<Recalled> {
  const stateKeys = wanted.states.map(({ entity, key }) => keys.state(entity.name, key));
  const claimKeys = wanted.claims.map(({ key, transactionId }) => keys.claim(key, transactionId));
  const values = await redis.mgetBuffer([...stateKeys, ...claimKeys]);
  if (values.length !== stateKeys.length + claimKeys.length) {
    throw new Error(`Redis answered ${values.length} values for ${stateKeys.length + claimKeys.length} keys`);
  }
  const states = wanted.states.map(({ entity }, position) => {
    const bytes = values[position] ?? null;
    return { row: bytes === null ? null : decodeRow(entity, bytes), versionBytes: versionBytes(bytes) };
  });
  const claims = wanted.claims.map((_claim, position): Claim | null => {
    const bytes = values[stateKeys.length + position] ?? null;
    return bytes === null ? null : decodeClaim(bytes);
  });
  return { states, claims };
}

function rememberArguments<T extends BaseTransaction>(
  keys: Keys,
  write: StateWrite<T>,
): [number, ...(string | Buffer | number)[]] {
  const claimKeys = write.claims.map((entry) => keys.claim(write.key, entry.transactionId));
  return [
    1 + claimKeys.length,
    keys.state(write.entity.name, write.key),
    ...claimKeys,
    write.expectedVersion,
    encodeRow(write.entity, write.row),
    Math.ceil(write.entity.retentionMs / 1000),
    storeLimits.claimRetentionSeconds,
    ...write.claims.map((entry) => encodeClaim(entry.claim)),
  ];
}

function storedDecision(value: string | null): StoredDecision | null {
  if (value === null) return null;
  return { place: value.startsWith("L") ? "logged" : "outbox", answer: value.slice(1) };
}
