import type { Cluster, Redis } from "ioredis";
import { hashSlot } from "./hash-slot.ts";
import type { KeyedCommand, RedisLink } from "./redis-link.ts";
import { defineScripts } from "./redis-scripts.ts";
import { runCommand } from "./single-link.ts";

/** A redirection of a cluster that moves slots: the command was not carried out. */
const redirections = /^(?:MOVED|ASK|TRYAGAIN)\b/u;

type Reply = readonly [error: Error | null, reply: unknown];

/**
 * A Redis Cluster: the keys of a call are grouped by the node that holds them; each node gets one pipeline,
 * all at the same time. Keys of several slots cannot go in one `MGET` or script.
 */
export function clusterLink(cluster: Cluster): RedisLink {
  const read = async (keys: readonly string[]): Promise<readonly (Buffer | null)[]> => {
    const commands = keys.map((key) => ({ name: "getBuffer", key, args: [key] }));
    return (await runOnNodes(cluster, commands)) as (Buffer | null)[];
  };
  return {
    isOneServer: false,
    read,
    readApart: read,
    run: (commands) => runOnNodes(cluster, commands),
    servers: () => cluster.nodes("master"),
  };
}

async function runOnNodes(cluster: Cluster, commands: readonly KeyedCommand[]): Promise<readonly unknown[]> {
  const replies: unknown[] = Array.from({ length: commands.length });
  const groups = [...positionsByNode(cluster, commands)];
  await Promise.all(
    groups.map(async ([node, positions]) => {
      const pipeline = node.pipeline();
      for (const position of positions) void runCommand(pipeline, commandAt(commands, position));
      const results = (await pipeline.exec()) ?? [];
      await Promise.all(
        positions.map(async (position, index) => {
          replies[position] = await replyOf(cluster, commandAt(commands, position), results[index]);
        }),
      );
    }),
  );
  return replies;
}

/** While slots move, a pipeline may be only partly at the right node: the rest is sent one by one. */
async function replyOf(cluster: Cluster, command: KeyedCommand, result: Reply | undefined): Promise<unknown> {
  if (result === undefined) throw new Error("the cluster answered fewer commands than were sent");
  const [error, reply] = result;
  if (error === null) return reply;
  if (!redirections.test(error.message)) throw error;
  return runCommand(cluster, command);
}

/**
 * By the nodes' own connections: a pipeline of ioredis's cluster client rejects as a whole when the slots of
 * its keys move to different nodes under it.
 */
function positionsByNode(
  cluster: Cluster,
  commands: readonly KeyedCommand[],
): ReadonlyMap<Redis, readonly number[]> {
  const masters = new Map(
    cluster.nodes("master").map((node) => [`${node.options.host}:${node.options.port}`, node]),
  );
  const groups = new Map<Redis, number[]>();
  for (const [position, { key }] of commands.entries()) {
    const slot = hashSlot(key);
    const node = masters.get(cluster.slots[slot]?.[0] ?? "");
    if (node === undefined) throw new Error(`no node of the Redis cluster serves the slot ${slot}`);
    const group = groups.get(node);
    if (group === undefined) groups.set(node, [position]);
    else group.push(position);
  }
  for (const node of groups.keys()) if (!("tollgateRemember" in node)) defineScripts(node);
  return groups;
}

function commandAt(commands: readonly KeyedCommand[], position: number): KeyedCommand {
  const command = commands[position];
  if (command === undefined) throw new RangeError(`no command at ${position}`);
  return command;
}
