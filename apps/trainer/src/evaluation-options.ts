import { parseArgs } from "node:util";
import { TrainerError } from "./trainer-error.ts";
import { trackingStore } from "./trainer-paths.ts";

export const datasetNames = ["handbook", "ulb", "simulated"] as const;
export type DatasetName = (typeof datasetNames)[number];

export interface EvaluationOptions {
  readonly dataset: DatasetName;
  /** The data set's file; undefined for where it lies by default. Unused by `simulated`. */
  readonly dataPath: string | undefined;
  /** Rows and customers that `simulated` simulates. */
  readonly transactions: number;
  readonly customers: number;
  readonly seed: number;
  /** Gets a folder for each data set. */
  readonly outputFolder: string;
  /** Of `simulated`: how long to look for better parameters of the trees. */
  readonly searchSeconds: number;
  /** Of `simulated`: whether the network is fitted too. */
  readonly neural: boolean;
  /** Of `ulb`: only look which shares the parts of the blend should get, on the training rows alone. */
  readonly chooseShares: boolean;
  /** MLflow's store: `sqlite:///FILE`, a server's URL, or `off`. */
  readonly tracking: string;
  /** End with one line of JSON. */
  readonly json: boolean;
}

export const evaluationUsage: string = `npm run evaluate -- --dataset ${datasetNames.join("|")} [options]
  --data FILE           the data set's file (handbook: Parquet, default ../shared/data/handbook-….parquet;
                        ulb: creditcard.csv, fetched into .local/data/ulb where it is absent)
  --transactions N      of simulated: rows (default 1000000)
  --customers N         of simulated: customers (default 10000)
  --seed N              of simulation, fits and intervals (default 7)
  --output FOLDER       default .local/evaluation; gets report.md, figures and evaluation.json
  --search SECONDS      of simulated: look so long for better parameters of the trees (default 0)
  --without-neural      of simulated: leave the network out, and the gigabyte of packages that it needs
  --choose-shares       of ulb: look which shares the blend's parts should get, on the training rows alone
  --tracking STORE      MLflow: sqlite:///FILE, a server's URL, or off (default .local/mlflow/mlflow.db)
  --json                end with one line of JSON`;

/** Reads the command line. Throws a {@link TrainerError} that names the fault. */
export function parseEvaluationOptions(args: readonly string[]): EvaluationOptions {
  const values = parse(args);
  const dataset = datasetNames.find((name) => name === values.dataset);
  if (dataset === undefined) {
    const given = values.dataset === undefined ? "--dataset is missing" : `--dataset is ${values.dataset}`;
    throw new TrainerError(`${given}: it must be one of ${datasetNames.join(", ")}\n${evaluationUsage}`);
  }
  const chooseShares = values["choose-shares"] ?? false;
  if (chooseShares && dataset !== "ulb") {
    throw new TrainerError(`--choose-shares is of --dataset ulb, ${dataset} has no blend`);
  }
  return {
    dataset,
    dataPath: values.data,
    transactions: wholeNumber("transactions", values.transactions ?? "1000000"),
    customers: wholeNumber("customers", values.customers ?? "10000"),
    seed: wholeNumber("seed", values.seed ?? "7"),
    outputFolder: values.output ?? ".local/evaluation",
    searchSeconds: wholeNumber("search", values.search ?? "0"),
    neural: values["without-neural"] !== true,
    chooseShares,
    tracking: values.tracking ?? trackingStore,
    json: values.json ?? false,
  };
}

const textOptions = [
  "dataset",
  "data",
  "transactions",
  "customers",
  "seed",
  "output",
  "search",
  "tracking",
] as const;

const flagOptions = ["json", "without-neural", "choose-shares"] as const;

function parse(
  args: readonly string[],
): Partial<Record<(typeof textOptions)[number], string> & Record<(typeof flagOptions)[number], boolean>> {
  const texts = Object.fromEntries(textOptions.map((name) => [name, { type: "string" } as const]));
  const flags = Object.fromEntries(flagOptions.map((name) => [name, { type: "boolean" } as const]));
  try {
    return parseArgs({ args: [...args], options: { ...texts, ...flags } }).values;
  } catch (error) {
    throw new TrainerError(`${(error as Error).message}\n${evaluationUsage}`, error);
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  throw new TrainerError(`--${name} is ${text}: it must be a whole number from 0`);
}
