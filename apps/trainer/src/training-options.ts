import { parseArgs } from "node:util";
import { trainerLimits } from "./limits.ts";
import { TrainerError } from "./trainer-error.ts";

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
  | "work";

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
