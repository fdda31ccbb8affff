/**
 * Reads of the online store: the states of one transaction (all entities of the default feature set) at 64
 * requests in flight from one process, beside a plain `MGET` of the same keys through the same client.
 */
import type { BaseTransaction } from "@tollgate/contracts";
import { median, silentLogger, type BenchOptions, type BenchResult } from "@tollgate/runtime";
import { startOwnRedis } from "@tollgate/testkit/own-redis";
import { Redis } from "ioredis";
import { connectRedis, redisFeatureStore, type FeatureStore, type StateAddress } from "../src/index.ts";
import { redisKeys, type GenerationKeys } from "../src/keys.ts";
import { layoutDigest } from "../src/layout-digest.ts";
import { growDefaultStates, writeRows, type DefaultStates } from "./default-states.ts";
import { feastReads, type FeastReads } from "./feast-reads.ts";

const inFlight = 64;
/** Of each kind before anything is measured: V8 compiles for so long; a service has done so in seconds. */
const warmUpReads = 150_000;
const prefix = "bench:";
const goals = { readsPerSecond: 60_000, ratioToPlainMget: 0.7 };

/** One read of a transaction's states, by its position among the simulated ones. */
type Read = (position: number) => Promise<unknown>;

interface Measured {
  readonly readsPerSecond: number;
  /** Of all threads of this process, garbage collection too; Redis has its own. */
  readonly processorMicros: number;
}

export async function run(options: BenchOptions): Promise<BenchResult> {
  const rounds = options.quick ? 3 : 9;
  const readsPerRound = options.quick ? 20_000 : 60_000;
  const states = await growDefaultStates({ customers: 2_000, days: 60 });
  const server = await startOwnRedis();
  const connection = (await connectRedis(server.url, silentLogger())) as Redis;
  const pipelined = new Redis(server.url, { enableAutoPipelining: true });
  try {
    const store = redisFeatureStore<BaseTransaction>(connection, {
      prefix,
      entities: states.entities,
      idempotencySeconds: 60,
    });
    await writeRows(store, states.rows);
    const rowBytes = await storedBytes(connection, states);
    // What a service would not hold: marking it would cost as much as the reads.
    states.rows.length = 0;
    const variants = variantsOf({ states, store, plain: connection, pipelined });
    const measured = new Map(variants.map(({ name }) => [name, [] as Measured[]]));
    for (let round = -1; round < rounds; round += 1) {
      for (const { name, read } of rotated(variants, round)) {
        const count = round < 0 ? warmUpReads : readsPerRound;
        const one = await measure(read, { count, positions: states.reads.length });
        if (round >= 0) measured.get(name)?.push(one);
      }
    }
    const feast = await feastReads({
      redisPort: server.port,
      features: states.columns,
      quick: options.quick,
    });
    return resultOf(states, medians(measured), { feast, rowBytes });
  } finally {
    pipelined.disconnect();
    connection.disconnect();
    await server.stop();
  }
}

function variantsOf(parts: {
  readonly states: DefaultStates;
  readonly store: FeatureStore<BaseTransaction>;
  readonly plain: Redis;
  readonly pipelined: Redis;
}): readonly { readonly name: string; readonly read: Read }[] {
  const keys = firstKeys(parts.states);
  const keysOf = (addresses: readonly StateAddress<BaseTransaction>[]): string[] =>
    addresses.map(({ entity, key }) => keys.state(entity.name, key));
  const { reads } = parts.states;
  const at = (position: number): readonly StateAddress<BaseTransaction>[] => reads[position] ?? [];
  return [
    { name: "store.recall", read: (position) => parts.store.recall(at(position), []) },
    { name: "plain MGET", read: (position) => parts.plain.mgetBuffer(keysOf(at(position))) },
    {
      name: "plain MGET, automatic pipelining",
      read: (position) => parts.pipelined.mgetBuffer(keysOf(at(position))),
    },
  ];
}

function firstKeys({ entities }: Pick<DefaultStates, "entities">): GenerationKeys {
  return redisKeys(prefix).inLayout(layoutDigest(entities)).inGeneration(1);
}

/** Average length of the rows that the reads get, for each entity. */
async function storedBytes(redis: Redis, { entities, reads }: DefaultStates): Promise<readonly number[]> {
  const keys = firstKeys({ entities });
  const sampled = reads.filter((_, position) => position % 16 === 0);
  return Promise.all(
    entities.map(async ({ name }, position) => {
      const own = sampled.map((addresses) => keys.state(name, addresses[position]?.key ?? ""));
      const values = await redis.mgetBuffer(own);
      return values.reduce((total, value) => total + (value?.length ?? 0), 0) / values.length;
    }),
  );
}

/** Each round begins with another variant, so that none always runs on a machine that another has warmed. */
function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  const from = (by + items.length) % items.length;
  return [...items.slice(from), ...items.slice(0, from)];
}

async function measure(
  read: Read,
  options: { readonly count: number; readonly positions: number },
): Promise<Measured> {
  let left = options.count;
  const startMs = performance.now();
  const start = process.cpuUsage();
  await Promise.all(
    Array.from({ length: inFlight }, async (_, lane) => {
      // A stride that is prime to the number of transactions: every lane visits other cards.
      for (let position = lane * 311; left > 0; position += 7_919) {
        left -= 1;
        await read(position % options.positions);
      }
    }),
  );
  const { user, system } = process.cpuUsage(start);
  return {
    readsPerSecond: (options.count / (performance.now() - startMs)) * 1000,
    processorMicros: (user + system) / options.count,
  };
}

function medians(measured: ReadonlyMap<string, readonly Measured[]>): ReadonlyMap<string, Measured> {
  const of = (rounds: readonly Measured[]): Measured => ({
    readsPerSecond: median(rounds.map(({ readsPerSecond }) => readsPerSecond)),
    processorMicros: median(rounds.map(({ processorMicros }) => processorMicros)),
  });
  return new Map([...measured].map(([name, rounds]) => [name, of(rounds)]));
}

function resultOf(
  states: DefaultStates,
  measured: ReadonlyMap<string, Measured>,
  { feast, rowBytes }: { readonly feast: FeastReads; readonly rowBytes: readonly number[] },
): BenchResult {
  const nothing = { readsPerSecond: 0, processorMicros: 0 };
  const { readsPerSecond: own, processorMicros } = measured.get("store.recall") ?? nothing;
  const { readsPerSecond: plain, processorMicros: plainMicros } = measured.get("plain MGET") ?? nothing;
  const rows = [...measured].map(([name, one]) => [
    name,
    one.readsPerSecond.toFixed(0),
    (own / one.readsPerSecond).toFixed(2),
    one.processorMicros.toFixed(1),
  ]);
  const bytes = states.entities
    .map(({ name, layout }, position) => `${name} ${rowBytes[position]?.toFixed(0)} (${layout.byteLength})`)
    .join(", ");
  const figures: Record<string, number> = {
    readsPerSecond: own,
    ratioToPlainMget: own / plain,
    processorMicros,
    processorRatioToPlainMget: plainMicros / processorMicros,
  };
  const notes = [
    `${inFlight} in flight from one process; ${states.columns} features; states of 60 simulated days.`,
    `Bytes of a row as read, on average (of the state in memory): ${bytes}.`,
    "Plain MGET: the same keys, one command for each read, values left as bytes, same connection.",
    "The store checks and decodes each row; it joins the reads of one event-loop turn in one MGET.",
  ];
  if ("skipped" in feast) {
    notes.push(`Feast: ${feast.skipped}`);
  } else {
    rows.push([
      "Feast, get_online_features",
      feast.readsPerSecond.toFixed(0),
      (own / feast.readsPerSecond).toFixed(0),
      "",
    ]);
    figures["ratioToFeast"] = own / feast.readsPerSecond;
  }
  return {
    table: { header: ["read", "a second", "store.recall is × that", "Node's µs a read"], rows },
    figures,
    passed: own >= goals.readsPerSecond && own / plain >= goals.ratioToPlainMget,
    notes,
  };
}
