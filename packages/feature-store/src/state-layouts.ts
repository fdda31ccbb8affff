import { dropKeys } from "./drop-keys.ts";
import { redisKeys } from "./keys.ts";
import { isLayoutDigest } from "./layout-digest.ts";
import { redisLink } from "./redis-link.ts";
import type { RedisConnection } from "./redis-feature-store.ts";

/** Which layouts of states one Redis holds, each in a key space of its own. */
export interface StateLayouts {
  /** Layouts whose states hold what the decision log says, and since when, in ms. */
  built(): Promise<ReadonlyMap<string, number>>;
  /** Notes it once: a later time changes nothing. */
  noteBuilt(layout: string, atMs: number): Promise<void>;
  /**
   * Deletes everything of a layout in small steps; decisions and submissions stay, all layouts share them.
   * @param onProgress is told after each step how many keys are gone so far.
   * @returns how many keys there were.
   * @throws RangeError when the text cannot name a layout.
   */
  drop(layout: string, onProgress?: (deletedKeys: number) => void): Promise<number>;
}

export function redisStateLayouts(
  redis: RedisConnection,
  options: { readonly prefix: string },
): StateLayouts {
  const link = redisLink(redis);
  const keys = redisKeys(options.prefix);
  const onLayouts = (name: string, ...rest: readonly string[]): Promise<readonly unknown[]> =>
    link.run([{ name, key: keys.layouts, args: [keys.layouts, ...rest] }]);
  return {
    async built() {
      const [fields] = await onLayouts("hgetall");
      const entries = Object.entries(fields as Record<string, string>);
      return new Map(entries.map(([layout, since]) => [layout, Date.parse(since)]));
    },
    async noteBuilt(layout, atMs) {
      await onLayouts("hsetnx", layout, new Date(atMs).toISOString());
    },
    async drop(layout, onProgress) {
      if (!isLayoutDigest(layout)) throw new RangeError(`"${layout}" names no layout of states`);
      // First of all: whoever serves it again must not take what is left of it for whole.
      await onLayouts("hdel", layout);
      return dropKeys(link, keys.inLayout(layout).pattern, onProgress);
    },
  };
}
