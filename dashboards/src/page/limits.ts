/** Named limits of the built-in page. */
export const pageLimits = {
  /** A page asks for twenty panels at once; several people look. */
  connections: 256,
  /** A request for a file has no body. */
  requestMs: 10_000,
  /** A panel's query; the next refresh asks again. */
  queryMs: 10_000,
  /** Grafana's usual port: an address that people know. */
  port: 3_000,
} as const;
