import { parseArgs } from "node:util";
import { trainerLimits } from "./limits.ts";
import { TrainerError } from "./trainer-error.ts";
import { trackingStore } from "./trainer-paths.ts";

export const registered = ["all", "main", "fallback"] as const;
export const modelKinds = ["trees", "neural", "blend"] as const;

/** What to train on and where to put the result. */
export interface TrainingOptions {
  /** Package of the engagement. */
  readonly engagementPackage: string;
  readonly transactions: number;
  readonly customers: number;
  readonly seed: number;
  /** Event time of the first transaction; the stream ends after `transactions` or at `untilMs`. */
  readonly fromMs: number;
  readonly untilMs: number | undefined;
  /** Folder of the model registry; undefined for the one that the engagement carries. */
  readonly registryFolder: string | undefined;
  /** Move the alias `champion` to the new version; it is set anyway when there is none. */
  readonly promote: boolean;
  /** A file of the engagement's own, in place of a simulation. */
  readonly dataPath: string | undefined;
  /** What is registered: the main model, the fallback, or both. */
  readonly register: (typeof registered)[number];
  /**
   * What the main model is. `trees`; `neural`: a network that also looks back over the sequence, with the
   * trees beside it in the report; `blend`: trees and lines, the first 70 % of the rows judged by the rest,
   * for short streams with few frauds.
   */
  readonly model: (typeof modelKinds)[number];
  /** How long to look for better parameters of the trees; 0 for not at all. */
  readonly searchSeconds: number;
  /** MLflow's store: `sqlite:///FILE`, a server's URL, or `off`. */
  readonly tracking: string;
  /** Folder for the rows, the model before it is registered, and the Python environment's cache. */
  readonly workFolder: string;
}

export const trainingUsage: string = `npm run train -- [options]
  --engagement NAME     card-payments, or the name of a package (default card-payments)
  --transactions N      rows to simulate (default 1000000)
  --customers N         customers of the simulation (default 10000)
  --seed N              of simulation and training (default 7)
  --from DATE           event time of the first transaction (default 2026-06-01)
  --until DATE          end earlier than after N transactions
  --registry FOLDER     default: the engagement's models folder
  --work FOLDER         default: .local/training
  --data FILE           a CSV file that the engagement has an importer for, in place of a simulation
  --model KIND          trees (default); neural: a network over the features and the recent transactions;
                        blend: trees and lines, for short streams with few frauds
  --search SECONDS      look so long for better parameters of the trees (default 0: those of the code)
  --tracking STORE      MLflow: sqlite:///FILE, a server's URL, or off (default .local/mlflow/mlflow.db)
  --register WHAT       all, main or fallback (default all)
  --promote             make the new version the champion`;

/** Reads the command line. Throws a {@link TrainerError} that names the fault. */
export function parseTrainingOptions(args: readonly string[]): TrainingOptions {
  const { values } = parse(args);
  const { transactionsMin, transactionsMax, customersMin, customersMax } = trainerLimits;
  const engagement = values.engagement ?? "card-payments";
  return {
    engagementPackage: engagement.startsWith("@") ? engagement : `@tollgate/engagement-${engagement}`,
    transactions: integer("transactions", values.transactions ?? "1000000", {
      min: transactionsMin,
      max: transactionsMax,
    }),
    customers: integer("customers", values.customers ?? "10000", { min: customersMin, max: customersMax }),
    seed: integer("seed", values.seed ?? "7", { min: 0, max: 2 ** 31 - 1 }),
    fromMs: date("from", values.from ?? "2026-06-01"),
    untilMs: values.until === undefined ? undefined : date("until", values.until),
    registryFolder: values.registry,
    promote: values.promote ?? false,
    dataPath: values.data,
    register: oneOf("register", values.register ?? "all", registered),
    model: oneOf("model", values.model ?? "trees", modelKinds),
    searchSeconds: integer("search", values.search ?? "0", { min: 0, max: trainerLimits.searchSecondsMax }),
    tracking: values.tracking ?? trackingStore,
    workFolder: values.work ?? ".local/training",
  };
}

function parse(args: readonly string[]): {
  values: Partial<Record<TextOption, string>> & { promote?: boolean };
} {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        engagement: text,
        transactions: text,
        customers: text,
        seed: text,
        from: text,
        until: text,
        registry: text,
        work: text,
        data: text,
        register: text,
        model: text,
        search: text,
        tracking: text,
        promote: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new TrainerError(`${(error as Error).message}\n${trainingUsage}`, error);
  }
}

type TextOption =
  | "engagement"
  | "transactions"
  | "customers"
  | "seed"
  | "from"
  | "until"
  | "registry"
  | "work"
  | "data"
  | "register"
  | "model"
  | "search"
  | "tracking";

function oneOf<Value extends string>(name: string, text: string, values: readonly Value[]): Value {
  const value = values.find((known) => known === text);
  if (value !== undefined) return value;
  throw new TrainerError(`--${name} is ${text}: it must be one of ${values.join(", ")}`);
}

function integer(name: string, text: string, bounds: { readonly min: number; readonly max: number }): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
  throw new TrainerError(
    `--${name} is ${text}: it must be a whole number from ${bounds.min} to ${bounds.max}`,
  );
}

function date(name: string, text: string): number {
  const atMs = Date.parse(text);
  if (!Number.isNaN(atMs)) return atMs;
  throw new TrainerError(
    `--${name} is ${text}: it must be a date such as 2026-06-01 or 2026-06-01T12:00:00Z`,
  );
}
