import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEntity } from "@tollgate/features";
import type { Cluster, Redis } from "ioredis";
import { createCircuit } from "./circuit.ts";
import type { FeatureStore } from "./feature-store.ts";
import { confirmLogged, keepDecisions, storedDecision } from "./first-decisions.ts";
import { groupsOf } from "./groups-of.ts";
import { dropKeys } from "./drop-keys.ts";
import { joinReads } from "./join-reads.ts";
import { joinWrites } from "./join-writes.ts";
import { firstGeneration, redisKeys } from "./keys.ts";
import { layoutDigest } from "./layout-digest.ts";
import { redisLink, type KeyedCommand, type RedisLink } from "./redis-link.ts";
import { defineScripts } from "./redis-scripts.ts";
import { generationOf, recall, type RecallContext } from "./recall.ts";
import { rememberCommand, scriptWriteOf, type ScriptWrite } from "./remember.ts";
import { storeLimits } from "./limits.ts";
import { createRowCodec } from "./row-codec.ts";
import { silentStoreObserver, type StoreObserver } from "./store-observer.ts";

/** What the store uses of a connection: `connectRedis` makes one. */
export type RedisConnection = Redis | Cluster;

export interface RedisStoreOptions<T extends BaseTransaction> {
  /** Put before every key, with its own separator. */
  readonly prefix: string;
  /** All of the feature set: their layouts name the key space of the states. */
  readonly entities: readonly CompiledEntity<T>[];
  /** How long a repeated transaction id gets its first decision. */
  readonly idempotencySeconds: number;
  /** Told what happens, for metrics; nobody when left out. */
  readonly observer?: StoreObserver;
}

/** The store on Redis 6.2 or newer, one server or a cluster: one value per entity, packed binary. */
export function redisFeatureStore<T extends BaseTransaction>(
  redis: RedisConnection,
  options: RedisStoreOptions<T>,
): FeatureStore<T> {
  defineScripts(redis);
  const observer = options.observer ?? silentStoreObserver;
  const link = guardedLink(redisLink(redis), observer);
  const keys = redisKeys(options.prefix);
  const layout = layoutDigest(options.entities);
  const layoutKeys = keys.inLayout(layout);
  const context: RecallContext = {
    read: joinReads((wanted) => link.readApart(wanted), layoutKeys.generation),
    keys,
    layoutKeys,
    rowCodec: createRowCodec(),
    observer,
    served: layoutKeys.inGeneration(firstGeneration),
    fixed: false,
  };
  const write = joinWrites((writes: readonly ScriptWrite[]) => runWrites(link, writes));
  return storeOn<T>({ layout, idempotencySeconds: options.idempotencySeconds, link, context, write });
}

interface StoreParts {
  readonly layout: string;
  readonly idempotencySeconds: number;
  readonly link: RedisLink;
  readonly context: RecallContext;
  readonly write: (writes: readonly ScriptWrite[]) => Promise<readonly boolean[]>;
}

function storeOn<T extends BaseTransaction>(parts: StoreParts): FeatureStore<T> {
  const { idempotencySeconds, link, context, write } = parts;
  const { keys, layoutKeys } = context;
  const servedGeneration = async (): Promise<number> =>
    generationOf((await link.read([layoutKeys.generation]))[0]);
  const readGeneration = async (): Promise<number> =>
    context.fixed ? context.served.generation : servedGeneration();
  return {
    layout: parts.layout,
    recall: (states, claims) => recall<T>(context, { states, claims }),
    async remember(writes, generation) {
      if (writes.length === 0) return [];
      const where = { generation: layoutKeys.inGeneration(generation), rowCodec: context.rowCodec };
      return write(writes.map((one) => scriptWriteOf(where, one)));
    },
    async readDecisions(transactionIds) {
      if (transactionIds.length === 0) return [];
      const values = await link.read(transactionIds.map((id) => keys.decision(id)));
      return values.map(storedDecision);
    },
    writeDecisions: (entries) => keepDecisions(link, keys, { entries, seconds: idempotencySeconds }),
    confirmLogged: (claims) =>
      confirmLogged(
        link,
        claims.map(({ key, transactionId }) => ({
          decision: keys.decision(transactionId),
          claim: context.served.claim(key, transactionId),
        })),
        idempotencySeconds,
      ),
    async readProgress() {
      const { progress } = layoutKeys.inGeneration(await readGeneration());
      const [fields] = await link.run([command("hgetall", progress)]);
      const entries = Object.entries(fields as Record<string, string>);
      return new Map(entries.map(([partition, next]) => [Number(partition), Number(next)]));
    },
    async writeProgress(partition, nextOffset, generation) {
      const { progress } = layoutKeys.inGeneration(generation);
      await link.run([command("hset", progress, String(partition), String(nextOffset))]);
    },
    readGeneration,
    async switchGeneration({ from, to }) {
      const [switched] = await link.run([
        command("tollgateSwitch", layoutKeys.generation, String(from), String(to), String(firstGeneration)),
      ]);
      return switched === 1;
    },
    async dropGeneration(generation, onProgress) {
      if ((await servedGeneration()) === generation) {
        throw new Error(`generation ${generation} is the one that is served: switch to another one first`);
      }
      return dropKeys(link, layoutKeys.inGeneration(generation).pattern, onProgress);
    },
    inGeneration: (generation) =>
      storeOn<T>({
        ...parts,
        context: { ...context, served: layoutKeys.inGeneration(generation), fixed: true },
      }),
    async ping() {
      await link.read([layoutKeys.generation]);
    },
  };
}

/** Every trip has a limit, and none is begun while Redis is known to be away. */
function guardedLink(link: RedisLink, observer: StoreObserver): RedisLink {
  const circuit = createCircuit(observer);
  return {
    ...link,
    read: (keys) => circuit.run(() => link.read(keys)),
    readApart: (keys) => circuit.run(() => link.readApart(keys)),
    run: (commands) => circuit.run(() => link.run(commands)),
  };
}

async function runWrites(link: RedisLink, writes: readonly ScriptWrite[]): Promise<readonly boolean[]> {
  const groups = groupsOf(writes, link.isOneServer ? storeLimits.writesPerScript : 1);
  const replies = (await link.run(groups.map(rememberCommand))) as readonly (readonly number[])[];
  return replies.flat().map((result) => result === 1);
}

function command(name: string, key: string, ...rest: readonly (string | number)[]): KeyedCommand {
  return { name, key, args: [key, ...rest] };
}
