import type { BaseTransaction, LabelSource, Parsed } from "@tollgate/contracts";
import type { DriftSettings } from "@tollgate/drift";
import type { FeatureSetDefinition } from "@tollgate/features";
import type { Policy, RuleDefinition } from "@tollgate/decisioning";

/** How the engagement's transactions come in, are checked and are written down again. */
export interface TransactionSchema<T extends BaseTransaction> {
  /** Checks input of unknown origin against the schema and the clock; every fault with its path. */
  readonly parse: (input: unknown, nowMs: number) => Parsed<T>;
  /** The wire shape of an accepted transaction: what parse would accept again. */
  readonly toWire: (transaction: T) => Readonly<Record<string, unknown>>;
  /** Back from `toWire`: for what was accepted before, as the decision log holds it. Does not check again. */
  readonly fromWire: (wire: unknown) => T;
  /** JSON Schema (2020-12) of the wire shape, with descriptions and units: OpenAPI is made from it. */
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** A valid transaction, for the API's documentation; its time is near `nowMs`. */
  readonly example: (nowMs: number) => Readonly<Record<string, unknown>>;
}

/** What the client is promised; load tests, alerts and dashboards read these. */
export interface ServiceLevels {
  readonly scoringLatencyP99Ms: number;
  readonly availabilityShare: number;
  /** Longest age of a streamed state at scoring, 99th percentile. */
  readonly freshnessP99Ms: number;
  readonly transactionsPerSecond: number;
}

/** What the drift monitor needs beyond the features; without it, money and segments are not watched. */
export interface Monitoring<T extends BaseTransaction> {
  /** Amount at stake, in minor units of the currency that the policy's costs are in. */
  readonly valueMinor: (transaction: T) => number;
  /** Text fields of the transaction whose frequent values are watched apart. Each costs memory. */
  readonly segmentBy: readonly string[];
  /** What differs from the defaults: expected false alarms a month, announced events, suggested responses. */
  readonly settings: Partial<DriftSettings>;
}

/** A file that can be replayed as transactions: how its columns become the wire shape. */
export interface DatasetDefinition {
  readonly name: string;
  readonly description: string;
  readonly format: "parquet" | "csv";
  /** Columns that the file must have. */
  readonly columns: readonly string[];
  /** One row of the file as a wire transaction and, where the file knows it, the truth. */
  readonly toTransaction: (
    row: Readonly<Record<string, unknown>>,
    rowNumber: number,
  ) => { readonly transaction: Readonly<Record<string, unknown>>; readonly fraud: boolean | undefined };
  /** Delay from transaction to label, in days, for replaying the file's truth. */
  readonly labelDelayDays: number;
}

/** A simulated transaction with its truth; the label arrives late, as in life, or never. */
export interface SimulatedTransaction<T extends BaseTransaction> {
  readonly transaction: T;
  /** The fraud pattern that made it; undefined for an honest one. */
  readonly pattern: string | undefined;
  /** When and by whom the truth becomes known; undefined when it never does. */
  readonly label:
    | {
        readonly labelledAtMs: number;
        readonly source: LabelSource;
        /** What the label says; a buyer's denial or an analyst's haste can be wrong. */
        readonly fraud: boolean;
      }
    | undefined;
  /** Attributes of the person, by name: fairness is judged by them; no feature and no rule sees them. */
  readonly segments?: Readonly<Record<string, string>>;
}

export interface SimulationOptions {
  /** The same seed and options give the same stream, byte for byte. */
  readonly seed: number;
  /** Event time of the stream's start, milliseconds since the Unix epoch. */
  readonly startMs: number;
  readonly customers: number;
  /** Put before every id, so that two runs against one platform do not meet. */
  readonly idPrefix: string;
}

/** Everything that a client changes; the rest of the platform derives from it. */
export interface Engagement<T extends BaseTransaction> {
  readonly name: string;
  readonly description: string;
  readonly transaction: TransactionSchema<T>;
  readonly featureSet: FeatureSetDefinition<T>;
  readonly rules: readonly RuleDefinition<T>[];
  readonly policy: Policy;
  readonly service: ServiceLevels;
  readonly monitoring?: Monitoring<T>;
  readonly datasets: readonly DatasetDefinition[];
  /** An endless stream of transactions in event-time order that looks like the client's. */
  readonly simulate: (options: SimulationOptions) => Iterable<SimulatedTransaction<T>>;
}
