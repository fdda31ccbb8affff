import type { Redis } from "ioredis";
import { openReadLane } from "./read-lane.ts";
import type { CommandsByName, KeyedCommand, RedisLink } from "./redis-link.ts";

/** One Redis server: a read is one `MGET`, of states by a lane of its own; several commands one pipeline. */
export function singleLink(redis: Redis): RedisLink {
  const lane = openReadLane(redis);
  const read = async (keys: readonly string[]): Promise<readonly (Buffer | null)[]> =>
    checked(await redis.mgetBuffer(keys as string[]), keys);
  return {
    isOneServer: true,
    read,
    readApart: async (keys) => (lane.isOpen ? checked(await lane.read(keys), keys) : read(keys)),
    async run(commands) {
      const [only] = commands;
      if (only === undefined) return [];
      if (commands.length === 1) return [await runCommand(redis, only)];
      const pipeline = redis.pipeline();
      for (const command of commands) void runCommand(pipeline, command);
      return ((await pipeline.exec()) ?? []).map(([error, reply]) => {
        if (error !== null) throw error;
        return reply;
      });
    },
    servers: () => [redis],
  };
}

function checked<Value>(values: readonly Value[], keys: readonly string[]): readonly Value[] {
  if (values.length === keys.length) return values;
  throw new Error(`Redis answered ${values.length} values for ${keys.length} keys`);
}

/** Sends a command, or adds it when the target is a pipeline. */
export function runCommand(target: object, command: KeyedCommand): Promise<unknown> {
  const method = (target as CommandsByName)[command.name];
  if (method === undefined) throw new Error(`ioredis has no method ${command.name}`);
  return method.apply(target, [...command.args]);
}
