/** What the platform itself needs to know of a transaction; an engagement's own type extends it. */
export interface BaseTransaction {
  /** The client's id, unique for ever: the key of idempotency. */
  readonly id: string;
  /** Event time as sent, RFC 3339 with offset. */
  readonly occurredAt: string;
  /** Event time in milliseconds since the Unix epoch, derived from `occurredAt`. */
  readonly occurredAtMs: number;
}

/** Longest transaction id, in characters: it is part of Redis keys and of a PostgreSQL primary key. */
export const transactionIdMaxLength = 64;

/** What a transaction id looks like: letters, digits and `. _ : -`, so that it is safe in a URL path. */
export const transactionIdPattern: RegExp = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/u;
