import type { Cluster, Redis } from "ioredis";
import { clusterLink } from "./cluster-link.ts";
import { singleLink } from "./single-link.ts";

/** A command, or one of the store's scripts, that acts on one key or on keys of one hash tag. */
export interface KeyedCommand {
  /** As ioredis names its method: `getBuffer`, `hset`, `tollgateRemember`. */
  readonly name: string;
  readonly key: string;
  readonly args: readonly (string | Buffer | number)[];
}

/** How the store speaks to Redis: alone, or as a cluster whose nodes each hold a part of the keys. */
export interface RedisLink {
  /** Whether one script may act on any keys: one server holds them all. */
  readonly isOneServer: boolean;
  /** Values of string keys, in order; one request to each node that holds some. */
  read(keys: readonly string[]): Promise<readonly (Buffer | null)[]>;
  /** The same, but not in order with what was sent before: what is not awaited yet may not be seen. */
  readApart(keys: readonly string[]): Promise<readonly (Buffer | null)[]>;
  /** Replies in order; one request to each node. Rejects with the first error. */
  run(commands: readonly KeyedCommand[]): Promise<readonly unknown[]>;
  /** Every server that keys lie on. */
  servers(): readonly Redis[];
}

export function redisLink(redis: Redis | Cluster): RedisLink {
  return "nodes" in redis ? clusterLink(redis) : singleLink(redis);
}

/** ioredis's methods by name: its types have one overload for each. */
export type CommandsByName = Readonly<
  Record<string, (...args: readonly (string | Buffer | number)[]) => Promise<unknown>>
>;
