/** Builds every Redis key of the platform; the layout is docs/specs/feature-store.md. */
export interface Keys {
  /** The state of an entity. The braces are the hash tag: a card's claims lie on the same cluster slot. */
  state(entity: string, key: string): string;
  /** Marks a transaction as counted in the state of `key`, before its decision is recorded. */
  claim(key: string, transactionId: string): string;
  /** The first decision on a transaction. */
  decision(transactionId: string): string;
  /** How far the decision log has been applied to streamed states: a hash of partition to next offset. */
  progress(): string;
}

export function redisKeys(prefix: string): Keys {
  return {
    state: (entity, key) => `${prefix}state:${entity}:{${key}}`,
    claim: (key, transactionId) => `${prefix}claim:{${key}}:${transactionId}`,
    decision: (transactionId) => `${prefix}decision:${transactionId}`,
    progress: () => `${prefix}progress`,
  };
}
