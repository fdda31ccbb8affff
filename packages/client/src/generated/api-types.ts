// Made from the API's description by `npm run client-types`; a test holds it to it.

export interface Transaction {
  /** Unique id of the transaction; a retry with the same id gets the first decision. */
  readonly id: string;
  /** When the payment happened, RFC 3339 with offset. */
  readonly occurredAt: string;
  /** Amount in minor units of the currency (cents for EUR, yen for JPY). */
  readonly amountMinor: number;
  /** ISO 4217 code. */
  readonly currency:
    | "EUR"
    | "USD"
    | "GBP"
    | "CHF"
    | "SEK"
    | "NOK"
    | "DKK"
    | "PLN"
    | "CZK"
    | "HUF"
    | "RON"
    | "TRY"
    | "JPY"
    | "KWD"
    | "CAD"
    | "AUD";
  /** Token of the card. */
  readonly cardId: string;
  /** Token of the cardholder. */
  readonly customerId: string;
  /** Id of the merchant. */
  readonly merchantId: string;
  /** Merchant category code, ISO 18245. */
  readonly merchantCategoryCode: string;
  /** Id of the terminal or web shop checkout. */
  readonly terminalId: string;
  /** Whether the card was at the terminal. */
  readonly channel: "card-present" | "card-not-present";
  /** How the card's data were entered. */
  readonly entryMode: "chip" | "contactless" | "magnetic-stripe" | "manual" | "e-commerce";
  /** Country of the merchant, ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Latitude of the terminal, degrees north. */
  readonly latitude?: number;
  /** Longitude of the terminal, degrees east. */
  readonly longitude?: number;
  /** Token of the buyer's device, for card-not-present. */
  readonly deviceId?: string;
  /** Address the order came from, for card-not-present. */
  readonly ipAddress?: string;
}

/** Name of a feature: entity, version of its view, and what is measured. */
export type FeatureName = string;

/** The decision on one transaction. A repeated transaction id gets the first decision again. */
export interface Decision {
  readonly transactionId: string;
  /** A `decline` is an answer, not an error. */
  readonly decision: "approve" | "review" | "decline";
  /** Probability of fraud; null when no model answered. */
  readonly score: number | null;
  readonly reasons: readonly Reason[];
  /** The model that gave the score; null when none answered. */
  readonly model: {
    readonly name: string;
    readonly version: number;
  } | null;
  /** Version of the features: the hash of their layout. */
  readonly featureSet: string;
  /** What the decision rests on. */
  readonly rung: "model" | "rules";
  /** What was left out to answer in time. Empty on a normal day. */
  readonly degraded: readonly ("features" | "state-write" | "model" | "event-log")[];
  readonly decidedAt: string;
  /** Time spent in each stage, in microseconds; of the whole batch, for a batch. */
  readonly stageMicros: {
    readonly recall: number;
    readonly compute: number;
    readonly predict: number;
    readonly decide: number;
    readonly record: number;
  };
}

/** Why: a rule that fired, a model threshold that was reached, or the platform speaking of itself. */
export interface Reason {
  /** Stable, for machines: `CARD_TESTING_BURST`. */
  readonly code: string;
  readonly kind: "rule" | "model" | "platform";
  /** For people. */
  readonly description: string;
}

/** One result for each transaction, in the order sent. */
export interface BatchResults {
  readonly results: readonly BatchResult[];
}

/** A decision, or why there is none. The other transactions of the batch are not affected. */
export type BatchResult =
  | {
      readonly status: 200;
      /** True: this is the first decision on the id, again. */
      readonly repeated: boolean;
      readonly answer: Decision;
    }
  | {
      readonly status: number;
      readonly problem: Problem;
    };

/** A decision, or why there is none. The other transactions of the batch are not affected. */
export type LineResult =
  | {
      /** Number of the line in the body; blank ones count. */
      readonly line: number;
      readonly status: 200;
      /** True: this is the first decision on the id, again. */
      readonly repeated: boolean;
      readonly answer: Decision;
    }
  | {
      /** Number of the line in the body; blank ones count. */
      readonly line: number;
      readonly status: number;
      readonly problem: Problem;
    };

/** A transaction that was handed in and is not decided yet. */
export interface Submission {
  readonly transactionId: string;
  /** Decided ones have a decision instead. */
  readonly state: "pending";
}

/** The truth about a transaction, known later. */
export interface Label {
  /** Unique for each label: a repeated one counts once. */
  readonly labelId: string;
  readonly transactionId: string;
  readonly fraud: boolean;
  readonly source: "chargeback" | "issuer" | "analyst" | "customer";
  /** When the label became known, RFC 3339 with offset; at most 5 minutes ahead of the server's clock. */
  readonly labelledAt: string;
  /** The kind of fraud, in the source's own words. */
  readonly pattern?: string;
}

/** All of them are recorded. */
export interface LabelsAccepted {
  readonly accepted: number;
}

/** The loaded versions, the one that serves everybody first. */
export interface LoadedModels {
  readonly models: readonly {
    readonly name: string;
    readonly version: number;
    /** Whether it scores for whoever names no version. */
    readonly serves: boolean;
    /** SHA-256 of the model's file, hexadecimal. */
    readonly digest: string;
    /** Hash of the features that it was trained on. */
    readonly featureSet: string;
    /** The columns of its own input, in their order: what `/v2/models/{model}/infer` takes. */
    readonly features: readonly FeatureName[];
    /** What the input has behind the features: an entity's latest transactions one by one. */
    readonly sequence: null | {
      readonly name: string;
      /** Transactions, the oldest first. */
      readonly slots: number;
      /** Numbers of each, in their order. */
      readonly channels: readonly string[];
    };
    /** Scores from which a transaction is reviewed, and declined. */
    readonly thresholds: {
      readonly review: number;
      readonly decline: number;
    };
    readonly placement: "in-thread" | "worker";
    /** `cpu`, or the device that runs large batches. */
    readonly accelerator: string;
  }[];
}

/** Whether this replica should get traffic, and which part is missing. */
export interface Readiness {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, "ok" | "failed">>;
}

/** RFC 9457 problem details. */
export interface Problem {
  /** `urn:tollgate:error:` and the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  /** What happened and what to do. */
  readonly detail: string;
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
  readonly faults?: readonly Fault[];
}

/** One thing that is wrong, and where. */
export interface Fault {
  /** RFC 6901 JSON Pointer into the body; empty for the whole of it. */
  readonly path: string;
  readonly message: string;
}

/** What this server is. */
export interface InferenceServer {
  readonly name: string;
  readonly version: string;
  readonly extensions: readonly string[];
}

/** What the model takes and gives. */
export interface InferenceModel {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly {
    readonly name: string;
    readonly datatype: "FP32";
    readonly shape: readonly number[];
  }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: "FP32";
    readonly shape: readonly number[];
  }[];
  readonly properties: Readonly<Record<string, string>>;
}

/** Whether it can be asked. */
export interface InferenceReadiness {
  readonly ready: boolean;
  readonly name?: string;
}

/** Rows of the model's own input, made by the caller. */
export interface InferenceRequest {
  readonly inputs: readonly {
    readonly name: string;
    readonly datatype: "FP32";
    readonly shape: readonly number[];
    /** Numbers, row after row, flat or nested. */
    readonly data?: readonly unknown[];
    readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  }[];
  /** Comes back. */
  readonly id?: string;
  /** `timeout` (microseconds), `priority` (from 2 on: behind decisions), `binary_data_output`. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly outputs?: readonly {
    readonly name: string;
    readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  }[];
}

/** The probabilities of fraud that the model gives. Not a decision. */
export interface InferenceResponse {
  readonly model_name: string;
  readonly model_version: string;
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: "FP32";
    readonly shape: readonly number[];
    readonly data?: readonly number[];
    readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  }[];
  readonly id?: string;
}

/** What this process was asked since it started. */
export interface InferenceStatistics {
  readonly model_stats: readonly Readonly<Record<string, unknown>>[];
}

/** The versions that are loaded. */
export type RepositoryIndex = readonly {
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly reason: string;
}[];

/** Names of the models. */
export interface InferenceModels {
  readonly models: readonly string[];
}

/** Every error under `/v2`. */
export interface InferenceError {
  readonly error: string;
}
