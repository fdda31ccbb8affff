import { parseArgs } from "node:util";
import { isLayoutDigest } from "@tollgate/feature-store";
import { FeaturesError } from "./features-error.ts";

export const usage: string = `npm run features -- COMMAND [options]
  rebuild   builds the feature store anew from the log while scoring goes on, then switches
  drop      deletes the states of a layout that no build serves any more
  export    computes the features of the log's decisions again: a Parquet file to train on
  skew      compares features computed again with those that were scored; exit code 1 when any differs

  --engagement NAME     card-payments, or the name of a package (default: TOLLGATE_ENGAGEMENT)
  --source kafka|ledger where the log is read from (default kafka)
  --from DATE --to DATE export, skew: transactions that happened in [from, to)
  --as-of DATE          export, skew: what was known (decided, labelled and arrived) before then (default now)
  --out FILE            export: the Parquet file
  --metrics FILE        skew: also writes tollgate_feature_skew_ratio, in Prometheus' text format
  --layout DIGEST       drop: as rebuild and the apps' event states-built name it
  --keep-old            rebuild: does not delete the old generation
  --work FOLDER         export, skew: where the log is sorted (default: the machine's temporary folder)
  --json                the figures as one JSON object in the last line`;

export type Source = "kafka" | "ledger";

interface Common {
  readonly engagement: string | undefined;
  readonly source: Source;
  readonly json: boolean;
}

export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
  readonly asOfMs: number;
  readonly workFolder: string | undefined;
}

export type FeaturesOptions =
  | (Common & { readonly command: "rebuild"; readonly keepOld: boolean })
  | (Common & { readonly command: "drop"; readonly layout: string })
  | (Common & Interval & { readonly command: "export"; readonly out: string })
  | (Common & Interval & { readonly command: "skew"; readonly metrics: string | undefined });

/** Reads the command line. Throws a {@link FeaturesError} that names the fault. */
export function parseOptions(args: readonly string[], nowMs: number): FeaturesOptions {
  const { values, positionals } = parse(args);
  const [command, ...more] = positionals;
  if (more.length > 0) throw new FeaturesError(`${more.join(" ")}: one command at a time\n${usage}`);
  const common = {
    engagement: engagementPackage(values.engagement),
    source: source(values.source ?? "kafka"),
    json: values.json ?? false,
  };
  if (command === "rebuild") return { ...common, command, keepOld: values["keep-old"] ?? false };
  if (command === "drop") return { ...common, command, layout: layout(values.layout) };
  if (command === "export") {
    return { ...common, ...interval(values, nowMs), command, out: given("out", values.out) };
  }
  if (command === "skew") return { ...common, ...interval(values, nowMs), command, metrics: values.metrics };
  throw new FeaturesError(`${command ?? "no command"}: it must be rebuild, drop, export or skew\n${usage}`);
}

type Values = ReturnType<typeof parse>["values"];

function parse(args: readonly string[]): {
  readonly values: {
    readonly engagement?: string;
    readonly source?: string;
    readonly from?: string;
    readonly to?: string;
    readonly "as-of"?: string;
    readonly out?: string;
    readonly metrics?: string;
    readonly work?: string;
    readonly layout?: string;
    readonly "keep-old"?: boolean;
    readonly json?: boolean;
  };
  readonly positionals: readonly string[];
} {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        engagement: text,
        source: text,
        from: text,
        to: text,
        "as-of": text,
        out: text,
        metrics: text,
        work: text,
        layout: text,
        "keep-old": flag,
        json: flag,
      },
    });
  } catch (error) {
    throw new FeaturesError(`${(error as Error).message}\n${usage}`, error);
  }
}

function engagementPackage(name: string | undefined): string | undefined {
  return name === undefined || name.startsWith("@") ? name : `@tollgate/engagement-${name}`;
}

function source(text: string): Source {
  if (text === "kafka" || text === "ledger") return text;
  throw new FeaturesError(`--source is ${text}: it must be kafka or ledger`);
}

function layout(text: string | undefined): string {
  const digest = given("layout", text);
  if (isLayoutDigest(digest)) return digest;
  throw new FeaturesError(`--layout is ${digest}: it must be 8 hexadecimal digits such as 1f3a9c07`);
}

function interval(values: Values, nowMs: number): Interval {
  const fromMs = date("from", given("from", values.from));
  const toMs = date("to", given("to", values.to));
  if (fromMs >= toMs) throw new FeaturesError(`--from ${values.from} is not before --to ${values.to}`);
  const asOf = values["as-of"];
  const asOfMs = asOf === undefined ? nowMs : date("as-of", asOf);
  return { fromMs, toMs, asOfMs, workFolder: values.work };
}

function given(name: string, value: string | undefined): string {
  if (value !== undefined && value !== "") return value;
  throw new FeaturesError(`--${name} is missing\n${usage}`);
}

function date(name: string, text: string): number {
  const atMs = Date.parse(text);
  if (!Number.isNaN(atMs)) return atMs;
  throw new FeaturesError(
    `--${name} is ${text}: it must be a date such as 2026-06-01 or 2026-06-01T12:00:00Z`,
  );
}
