/**
 * Reads of the online store: the states of one transaction (all entities of the default feature set) at 64
 * requests in flight from one process, beside a plain `MGET` of the same keys through the same client.
 */
import type { BaseTransaction } from "@tollgate/contracts";
import { median, silentLogger, type BenchOptions, type BenchResult } from "@tollgate/runtime";
import { startOwnRedis } from "@tollgate/testkit/own-redis";
import { Redis } from "ioredis";
import { connectRedis, redisFeatureStore, type FeatureStore, type StateAddress } from "../src/index.ts";
import { redisKeys } from "../src/keys.ts";
import { growDefaultStates, writeRows, type DefaultStates } from "./default-states.ts";
import { feastReads } from "./feast-reads.ts";

const inFlight = 64;
const prefix = "bench:";
const goals = { readsPerSecond: 60_000, ratioToPlainMget: 0.7 };

/** One read of a transaction's states, by its position among the simulated ones. */
type Read = (position: number) => Promise<unknown>;

export async function run(options: BenchOptions): Promise<BenchResult> {
  const rounds = options.quick ? 3 : 9;
  const readsPerRound = options.quick ? 20_000 : 60_000;
  const states = await growDefaultStates({ transactions: 20_000, customers: 2_000 });
  const server = await startOwnRedis();
  const connection = (await connectRedis(server.url, silentLogger())) as Redis;
  const pipelined = new Redis(server.url, { enableAutoPipelining: true });
  try {
    const store = redisFeatureStore<BaseTransaction>(connection, { prefix, idempotencySeconds: 60 });
    await writeRows(store, states.rows);
    const variants = variantsOf({ states, store, plain: connection, pipelined });
    const rates = new Map(variants.map(({ name }) => [name, [] as number[]]));
    for (let round = -1; round < rounds; round += 1) {
      for (const { name, read } of rotated(variants, round)) {
        const rate = await readsPerSecond(read, { count: readsPerRound, positions: states.reads.length });
        // The first round only warms up.
        if (round >= 0) rates.get(name)?.push(rate);
      }
    }
    const feast = await feastReads({
      redisPort: server.port,
      features: states.columns,
      quick: options.quick,
    });
    return resultOf(states, new Map([...rates].map(([name, values]) => [name, median(values)])), feast);
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
  const keys = redisKeys(prefix).inGeneration(1);
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

/** Each round begins with another variant, so that none always runs on a machine that another has warmed. */
function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  const from = (by + items.length) % items.length;
  return [...items.slice(from), ...items.slice(0, from)];
}

async function readsPerSecond(
  read: Read,
  options: { readonly count: number; readonly positions: number },
): Promise<number> {
  let left = options.count;
  const startMs = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async (_, lane) => {
      // A stride that is prime to the number of transactions: every lane visits other cards.
      for (let position = lane * 311; left > 0; position += 7_919) {
        left -= 1;
        await read(position % options.positions);
      }
    }),
  );
  return (options.count / (performance.now() - startMs)) * 1000;
}

function resultOf(
  states: DefaultStates,
  rates: ReadonlyMap<string, number>,
  feast: { readonly readsPerSecond: number } | { readonly skipped: string },
): BenchResult {
  const own = rates.get("store.recall") ?? 0;
  const plain = rates.get("plain MGET") ?? 0;
  const rows = [...rates].map(([name, rate]) => [name, rate.toFixed(0), (own / rate).toFixed(2)]);
  const bytes = states.entities.map(({ name, layout }) => `${name} ${layout.byteLength}`).join(", ");
  const figures: Record<string, number> = { readsPerSecond: own, ratioToPlainMget: own / plain };
  const notes = [
    `${inFlight} in flight from one process; bytes of a state: ${bytes}; ${states.columns} features.`,
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
    ]);
    figures["ratioToFeast"] = own / feast.readsPerSecond;
  }
  return {
    table: { header: ["read", "a second", "store.recall is × that"], rows },
    figures,
    passed: own >= goals.readsPerSecond && own / plain >= goals.ratioToPlainMget,
    notes,
  };
}
