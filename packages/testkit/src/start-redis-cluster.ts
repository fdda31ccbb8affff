import { Redis } from "ioredis";

import { startOwnRedis, type OwnRedis } from "./start-own-redis.ts";
import { until } from "./until.ts";

/** A Redis Cluster of three masters for one test file. */
export interface RedisCluster {
  /** The nodes' URLs, separated by commas. */
  readonly urls: string;
  readonly nodes: readonly OwnRedis[];
  /** Moves a slot, with its keys, to another node. */
  moveSlot(slot: number, to: OwnRedis): Promise<void>;
  stop(): Promise<void>;
}

const clusterArguments = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
const nodeCount = 3;
const slotCount = 16_384;

/** Starts three nodes, gives each a third of the slots and waits until they agree: about 3 s. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes: OwnRedis[] = [];
  const clients: Redis[] = [];
  const stop = async (): Promise<void> => {
    for (const client of clients) client.disconnect();
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    for (let position = 0; position < nodeCount; position += 1) {
      const node = await startOwnRedis({ arguments: clusterArguments });
      nodes.push(node);
      clients.push(new Redis(node.url));
    }
    await join(nodes, clients);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    urls: nodes.map((node) => node.url).join(","),
    nodes,
    moveSlot: (slot, to) => moveSlot(clients, { slot, to: clients[nodes.indexOf(to)], port: to.port }),
    stop,
  };
}

async function join(nodes: readonly OwnRedis[], clients: readonly Redis[]): Promise<void> {
  for (const [position, client] of clients.entries()) {
    const from = Math.floor((position * slotCount) / nodeCount);
    const to = Math.floor(((position + 1) * slotCount) / nodeCount);
    await client.cluster("ADDSLOTS", ...Array.from({ length: to - from }, (_, slot) => from + slot));
    await client.cluster("SET-CONFIG-EPOCH", position + 1);
  }
  for (const node of nodes.slice(1)) await clients[0]?.cluster("MEET", "127.0.0.1", node.port);
  for (const client of clients) {
    await until(async () => isWhole(await client.cluster("INFO")), {
      describe: "a Redis cluster whose nodes know each other",
    });
  }
}

function isWhole(info: string): boolean {
  return info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${nodeCount}`);
}

async function moveSlot(
  clients: readonly Redis[],
  move: { readonly slot: number; readonly to: Redis | undefined; readonly port: number },
): Promise<void> {
  const { slot, to, port } = move;
  if (to === undefined) throw new Error("that node is not of this cluster");
  const from = await ownerOf(clients, slot);
  const [source, target] = [await from.cluster("MYID"), await to.cluster("MYID")];
  await to.cluster("SETSLOT", slot, "IMPORTING", source);
  await from.cluster("SETSLOT", slot, "MIGRATING", target);
  const keys = await from.cluster("GETKEYSINSLOT", slot, slotCount);
  if (keys.length > 0) await from.migrate("127.0.0.1", port, "", 0, 5_000, "KEYS", ...keys);
  await to.cluster("SETSLOT", slot, "NODE", target);
  for (const client of clients) await client.cluster("SETSLOT", slot, "NODE", target);
}

async function ownerOf(clients: readonly Redis[], slot: number): Promise<Redis> {
  for (const client of clients) {
    const nodes = String(await client.cluster("NODES"));
    const own = nodes.split("\n").find((line) => line.includes("myself")) ?? "";
    const ranges = own.split(" ").slice(8);
    const has = ranges.some((range) => {
      const [first = "", last = first] = range.split("-");
      return Number(first) <= slot && slot <= Number(last);
    });
    if (has) return client;
  }
  throw new Error(`no node has the slot ${slot}`);
}
