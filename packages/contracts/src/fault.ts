/** One thing that is wrong with an input, and where. `path` is an RFC 6901 JSON Pointer (`/amountMinor`). */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** Either the parsed value or every fault found; parsers never throw on bad input. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };
