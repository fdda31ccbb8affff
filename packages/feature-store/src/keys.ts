/** Builds every Redis key of the platform; the layout is docs/specs/feature-store.md. */
export interface Keys {
  /** Number of the generation that is served; absent means {@link firstGeneration}. */
  readonly generation: string;
  /** Held by the rebuild that runs. */
  readonly rebuild: string;
  /** The first decision on a transaction. */
  decision(transactionId: string): string;
  /** What became of a transaction that was handed in, until it is decided. */
  submission(transactionId: string): string;
  inGeneration(generation: number): GenerationKeys;
}

/** Keys of what a rebuild replaces. */
export interface GenerationKeys {
  readonly generation: number;
  /** The state of an entity. The braces are the hash tag: a card's claims lie on the same cluster slot. */
  state(entity: string, key: string): string;
  /** Marks a transaction as counted in the state of `key`, before its decision is recorded. */
  claim(key: string, transactionId: string): string;
  /** How far the decision log has been applied to streamed states: a hash of partition to next offset. */
  readonly progress: string;
  /** Pattern of all keys of the generation, for `SCAN`. */
  readonly pattern: string;
}

export const firstGeneration = 1;

export function redisKeys(prefix: string): Keys {
  return {
    generation: `${prefix}generation`,
    rebuild: `${prefix}rebuild`,
    decision: (transactionId) => `${prefix}decision:${transactionId}`,
    submission: (transactionId) => `${prefix}submission:${transactionId}`,
    inGeneration: (generation) => {
      const begin = `${prefix}g${generation}:`;
      return {
        generation,
        state: (entity, key) => `${begin}state:${entity}:{${key}}`,
        claim: (key, transactionId) => `${begin}claim:{${key}}:${transactionId}`,
        progress: `${begin}progress`,
        pattern: `${begin.replace(/[*?[\]\\]/gu, "\\$&")}*`,
      };
    },
  };
}
