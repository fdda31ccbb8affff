/** Log lines about the states in Redis; part of `logEvents`, which says how they are read. */
export const stateLogEvents = {
  "state-rows-refused": {
    level: "warn",
    meaning: "Stored states that cannot be read; said once for each reason.",
    fields: { entity: "string", reason: "string" },
  },
  "redis-circuit": {
    level: "warn",
    meaning: "The circuit before Redis changed.",
    fields: { state: "string" },
  },
  "redis-away": { level: "warn", meaning: "The connection to Redis failed.", fields: { message: "string" } },
  "redis-back": { level: "info", meaning: "Redis answers again.", fields: {} },
  "states-built": {
    level: "info",
    meaning: "The states of this layout hold what the decision log says.",
    fields: { layout: "string" },
  },
  "states-cold": {
    level: "warn",
    meaning: "No layout has states, the decision log has decisions: scores go by unknown states. Rebuild.",
    fields: { layout: "string" },
  },
  "states-missing": {
    level: "error",
    meaning: "States were built for other layouts only: not ready until `features rebuild` has made these.",
    fields: { layout: "string", others: "string" },
  },
  "states-not-looked-up": {
    level: "warn",
    meaning: "Whether the states are built could not be asked; it is asked again.",
    fields: { message: "string" },
  },
  "store-generation": {
    level: "info",
    meaning: "States are read from another generation.",
    fields: { generation: "number" },
  },
} as const;
