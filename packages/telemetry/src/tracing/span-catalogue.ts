/** What an attribute of a span holds. */
export type SpanAttributeType = "string" | "number" | "boolean";

/** One kind of span. */
export interface SpanDefinition {
  /** The step of a transaction's way, as the architecture's table names it. */
  readonly name: string;
  /** OpenTelemetry's kinds; the first span of a process is a server's or a consumer's. */
  readonly kinds: readonly ("server" | "consumer" | "producer" | "client" | "internal")[];
  readonly meaning: string;
  readonly attributes: Readonly<Record<string, SpanAttributeType>>;
}

/**
 * Every span of the platform. No attribute holds a card, an address or a key; `tollgate.transactions` says
 * how many were on their way together: concurrent requests share a step, and each has it in its own trace.
 */
export const spans = {
  in: {
    name: "in",
    kinds: ["server", "consumer"],
    meaning: "A request from its headers to its answer, or a record of Kafka until it is handled.",
    attributes: {
      "http.request.method": "string",
      "http.route": "string",
      "http.response.status_code": "number",
      "messaging.destination.name": "string",
      "tollgate.transaction.id": "string",
      "tollgate.outcome": "string",
      "tollgate.kept_because": "string",
    },
  },
  validate: {
    name: "validate",
    kinds: ["internal"],
    meaning: "The engagement's schema looks at the transaction.",
    attributes: {},
  },
  recall: {
    name: "recall",
    kinds: ["client"],
    meaning: "The states of all entities are read, in one round trip.",
    attributes: { "tollgate.transactions": "number" },
  },
  compute: {
    name: "compute",
    kinds: ["internal"],
    meaning: "Feature vectors are made from the states.",
    attributes: { "tollgate.transactions": "number" },
  },
  predict: {
    name: "predict",
    kinds: ["internal"],
    meaning: "The model scores, its queue included.",
    attributes: { "tollgate.transactions": "number" },
  },
  decide: {
    name: "decide",
    kinds: ["internal"],
    meaning: "Rules and thresholds become outcomes.",
    attributes: { "tollgate.transactions": "number" },
  },
  remember: {
    name: "remember",
    kinds: ["client"],
    meaning: "New states are written by compare-and-set, while the model scores.",
    attributes: { "tollgate.transactions": "number" },
  },
  record: {
    name: "record",
    kinds: ["producer"],
    meaning: "Decisions become durable: acknowledged by Kafka, or in the outbox.",
    attributes: { "tollgate.transactions": "number", "tollgate.destination": "string" },
  },
  archive: {
    name: "archive",
    kinds: ["consumer"],
    meaning: "The ledger writes the batch of the log that holds the decision to PostgreSQL.",
    attributes: { "messaging.destination.name": "string", "messaging.batch.message_count": "number" },
  },
} as const;

export type SpanName = keyof typeof spans;

type ValueOf<T extends SpanAttributeType> = T extends "string"
  ? string
  : T extends "number"
    ? number
    : boolean;

/** The attributes that a span may have, by the catalogue. */
export type SpanAttributesOf<S extends SpanName> = {
  -readonly [
    A in keyof (typeof spans)[S]["attributes"]
  ]?: (typeof spans)[S]["attributes"][A] extends SpanAttributeType
    ? ValueOf<(typeof spans)[S]["attributes"][A]>
    : never;
};
