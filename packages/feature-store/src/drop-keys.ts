import { storeLimits } from "./limits.ts";
import type { RedisLink } from "./redis-link.ts";

/**
 * Deletes all keys of a pattern, a thousand at a time, so that scores in between do not wait.
 * @returns how many there were.
 */
export async function dropKeys(
  link: RedisLink,
  pattern: string,
  onProgress: (deletedKeys: number) => void = () => {},
): Promise<number> {
  let deleted = 0;
  for (const server of link.servers()) {
    let cursor = "0";
    do {
      const [next, found] = await server.scan(cursor, "MATCH", pattern, "COUNT", storeLimits.keysPerScan);
      await link.run(found.map((key) => ({ name: "unlink", key, args: [key] })));
      deleted += found.length;
      if (found.length > 0) onProgress(deleted);
      cursor = next;
    } while (cursor !== "0");
  }
  return deleted;
}
