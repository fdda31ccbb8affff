import type { GenerationKeys } from "./keys.ts";
import { storeLimits } from "./limits.ts";
import type { RedisLink } from "./redis-link.ts";

/** Deletes a generation's keys, a thousand at a time, so that scores in between do not wait. */
export async function dropGeneration(
  link: RedisLink,
  generation: GenerationKeys,
  onProgress: (deletedKeys: number) => void = () => {},
): Promise<number> {
  let deleted = 0;
  for (const server of link.servers()) {
    let cursor = "0";
    do {
      const [next, found] = await server.scan(
        cursor,
        "MATCH",
        generation.pattern,
        "COUNT",
        storeLimits.keysPerScan,
      );
      await link.run(found.map((key) => ({ name: "unlink", key, args: [key] })));
      deleted += found.length;
      if (found.length > 0) onProgress(deleted);
      cursor = next;
    } while (cursor !== "0");
  }
  return deleted;
}
