/** Builds every Redis key of the platform; they are listed in docs/specs/feature-store.md. */
export interface Keys {
  /** Layouts whose states were built: a hash of the layout's digest to when. */
  readonly layouts: string;
  /** The first decision on a transaction, whoever made it. */
  decision(transactionId: string): string;
  /** What became of a transaction that was handed in, until it is decided. */
  submission(transactionId: string): string;
  /** @param layout a `layoutDigest`. */
  inLayout(layout: string): LayoutKeys;
}

/** The key space of one layout of states: builds that lay out states differently never meet in it. */
export interface LayoutKeys {
  /** Number of the generation that is served; absent means {@link firstGeneration}. */
  readonly generation: string;
  /** Held by the rebuild that runs. */
  readonly rebuild: string;
  inGeneration(generation: number): GenerationKeys;
  /** Pattern of all keys of the layout, for `SCAN`. */
  readonly pattern: string;
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
    layouts: `${prefix}layouts`,
    decision: (transactionId) => `${prefix}decision:${transactionId}`,
    submission: (transactionId) => `${prefix}submission:${transactionId}`,
    inLayout: (layout) => layoutKeys(`${prefix}${layout}:`),
  };
}

function layoutKeys(space: string): LayoutKeys {
  return {
    generation: `${space}generation`,
    rebuild: `${space}rebuild`,
    pattern: patternOf(space),
    inGeneration: (generation) => {
      const begin = `${space}g${generation}:`;
      return {
        generation,
        state: (entity, key) => `${begin}state:${entity}:{${key}}`,
        claim: (key, transactionId) => `${begin}claim:{${key}}:${transactionId}`,
        progress: `${begin}progress`,
        pattern: patternOf(begin),
      };
    },
  };
}

function patternOf(begin: string): string {
  return `${begin.replace(/[*?[\]\\]/gu, "\\$&")}*`;
}
