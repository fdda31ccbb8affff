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
import { confirmScript, rememberScript } from "./redis-scripts.ts";
import { decodeRow, encodeRow, versionBytes } from "./state-row.ts";

/** What the store uses of a Redis connection: {@link connectRedis} makes one. */
export type RedisConnection = Redis;

export interface RedisStoreOptions {
  /** Put before every key, with its own separator. */
  readonly prefix: string;
  /** How long a repeated transaction id gets its first decision. */
  readonly idempotencySeconds: number;
}

type ScriptCommand<Reply> = (
  keyCount: number,
  ...keysAndArguments: (string | Buffer | number)[]
) => Promise<Reply>;

interface Scripts {
  readonly tollgateRemember: ScriptCommand<number[]>;
  readonly tollgateConfirm: ScriptCommand<number[]>;
}

/** The store on Redis 6.2 or newer: one value per entity, packed binary. */
export function redisFeatureStore<T extends BaseTransaction>(
  redis: RedisConnection,
  options: RedisStoreOptions,
): FeatureStore<T> {
  const keys = redisKeys(options.prefix);
  redis.defineCommand("tollgateRemember", { lua: rememberScript });
  redis.defineCommand("tollgateConfirm", { lua: confirmScript });
  const scripts = redis as unknown as Scripts;
  return {
    recall: (states, claims) => recall(redis, keys, { states, claims }),
    async remember(writes) {
      const parts = chunks(writes, storeLimits.writesPerScript);
      const written = await Promise.all(
        parts.map((part) => scripts.tollgateRemember(...rememberArguments(keys, part))),
      );
      return written.flat().map((result) => result === 1);
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
    async confirmLogged(claims) {
      const parts = chunks(claims, storeLimits.confirmationsPerScript);
      const known = await Promise.all(
        parts.map((part) => {
          const decisions = part.map((claim) => keys.decision(claim.transactionId));
          const claimed = part.map((claim) => keys.claim(claim.key, claim.transactionId));
          const { idempotencySeconds } = options;
          return scripts.tollgateConfirm(2 * part.length, ...decisions, ...claimed, idempotencySeconds);
        }),
      );
      return known.flat().map((result) => result === 1);
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
  writes: readonly StateWrite<T>[],
): [number, ...(string | Buffer | number)[]] {
  const names: string[] = [];
  const values: (Buffer | number)[] = [storeLimits.claimRetentionSeconds];
  for (const { entity, key, expectedVersion, row, claims } of writes) {
    names.push(keys.state(entity.name, key));
    for (const { transactionId } of claims) names.push(keys.claim(key, transactionId));
    const retentionSeconds = Math.ceil(entity.retentionMs / 1000);
    values.push(expectedVersion, encodeRow(entity, row), retentionSeconds, claims.length);
    for (const { claim } of claims) values.push(encodeClaim(claim));
  }
  return [names.length, ...names, ...values];
}

function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const parts: (readonly Item[])[] = [];
  for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size));
  return parts;
}

function storedDecision(value: string | null): StoredDecision | null {
  if (value === null) return null;
  return { place: value.startsWith("L") ? "logged" : "outbox", answer: value.slice(1) };
}
