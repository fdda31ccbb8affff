import { parseArgs } from "node:util";
import { SimulatorError } from "./errors.ts";

/** What the command line says; what it leaves open is undefined. */
export interface SimulatorOptions {
  readonly rate: number | undefined;
  readonly speed: number | undefined;
  readonly durationMs: number | undefined;
  /** Answers to what is sent in this first time are left out of the summary's latency. */
  readonly warmUpMs: number;
  readonly count: number | undefined;
  readonly startMs: number | undefined;
  readonly seed: number;
  readonly customers: number;
  readonly idPrefix: string | undefined;
  readonly kafka: boolean;
  readonly http: boolean;
  /** Share sent by HTTP when both are used. */
  readonly split: number;
  readonly labels: "kafka" | "http" | "none";
  readonly file: string | undefined;
  readonly dataset: string | undefined;
  readonly dryRun: boolean;
  readonly statistics: boolean;
  readonly progress: "text" | "json" | "none";
  readonly help: boolean;
}

export const usage = `npm run simulate -- [options]

  --kafka              send to the transactions topic (the default, unless --http or --dry-run)
  --http               send to POST /v1/score
  --split 0.1          with both: share of cards whose transactions go by HTTP (0.1)
  --labels kafka|http|none   how labels are sent (as transactions; Kafka where both)
  --rate 2000          transactions each second of the wall clock
  --speed 3600         seconds of event time in each second; the day's rhythm is kept
  --for 60s            end after that time (ms, s, m, h)
  --warm-up 5s         leave the first answers out of the summary's latency
  --count 100000       end after so many transactions
  --start 2026-01-01T00:00:00Z   event time of the first (default: so that the last is not in the future)
  --seed 1             the same seed and options give the same stream
  --customers 20000    simulated cardholders
  --id-prefix x        put before every id (default: the time of the start; "" with --dry-run)
  --file F --dataset handbook   replay a file instead
  --dry-run            send nothing: write the transactions to standard output, one JSON a line
  --statistics         send nothing: print a table of what the stream is made of
  --progress text|json|none   once a second, and a summary; json on standard output
  --help

Environment: TOLLGATE_KAFKA_BROKERS, TOLLGATE_TOPIC_PREFIX, TOLLGATE_API_URL, TOLLGATE_API_KEY.
Without --rate and --speed a simulation runs at 100 a second, a file as fast as the receivers take it.
`;

/** @throws SimulatorError `OPTION_INVALID` naming the option, what was given and what is allowed. */
export function parseOptions(commandLine: readonly string[]): SimulatorOptions {
  const given = parse(commandLine);
  const dryRun = given["dry-run"] === true;
  const statistics = given.statistics === true;
  const http = given.http === true;
  const kafka = given.kafka === true || (!http && !dryRun && !statistics);
  if (dryRun && (given.kafka === true || http)) fail("--dry-run sends nothing: leave out --kafka and --http");
  const rate = optionalNumber("rate", given.rate, { min: 0.001, max: 1_000_000 });
  const speed = optionalNumber("speed", given.speed, { min: 0.001, max: 10_000_000 });
  if (rate !== undefined && speed !== undefined)
    fail("--rate and --speed determine each other: give one of them");
  if (given.dataset !== undefined && given.file === undefined) fail("--dataset needs --file");
  return {
    rate,
    speed,
    durationMs: given.for === undefined ? undefined : duration("for", given.for),
    warmUpMs: given["warm-up"] === undefined ? 0 : duration("warm-up", given["warm-up"]),
    count: optionalNumber("count", given.count, { min: 1, max: 1e12, whole: true }),
    startMs: given.start === undefined ? undefined : time(given.start),
    seed: optionalNumber("seed", given.seed, { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true }) ?? 1,
    customers:
      optionalNumber("customers", given.customers, { min: 100, max: 1_000_000, whole: true }) ?? 20_000,
    idPrefix: idPrefix(given["id-prefix"]),
    kafka,
    http,
    split: optionalNumber("split", given.split, { min: 0, max: 1 }) ?? (http ? (kafka ? 0.1 : 1) : 0),
    labels:
      oneOf("labels", given.labels, ["kafka", "http", "none"]) ?? (kafka ? "kafka" : http ? "http" : "none"),
    file: given.file,
    dataset: given.dataset,
    dryRun,
    statistics,
    progress: oneOf("progress", given.progress, ["text", "json", "none"]) ?? "text",
    help: given.help === true,
  };
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const known = {
  rate: text,
  speed: text,
  for: text,
  "warm-up": text,
  count: text,
  start: text,
  seed: text,
  customers: text,
  "id-prefix": text,
  kafka: flag,
  http: flag,
  split: text,
  labels: text,
  file: text,
  dataset: text,
  "dry-run": flag,
  statistics: flag,
  progress: text,
  help: flag,
} as const;

type Given = ReturnType<typeof parseArgs<{ options: typeof known }>>["values"];

function parse(commandLine: readonly string[]): Given {
  try {
    return parseArgs({ args: [...commandLine], options: known, allowPositionals: false }).values;
  } catch (error) {
    const names = Object.keys(known).map((name) => `--${name}`);
    const [sentence] = (error as Error).message.split(". ");
    return fail(`${sentence}; the options are ${names.join(", ")}`);
  }
}

function optionalNumber(
  name: string,
  given: string | undefined,
  { min, max, whole = false }: { readonly min: number; readonly max: number; readonly whole?: boolean },
): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (given !== "" && value >= min && value <= max && (!whole || Number.isSafeInteger(value))) return value;
  return fail(`--${name} is "${given}": it must be a ${whole ? "whole " : ""}number from ${min} to ${max}`);
}

function oneOf<const Value extends string>(
  name: string,
  given: string | undefined,
  values: readonly Value[],
): Value | undefined {
  if (given === undefined) return undefined;
  const value = values.find((candidate) => candidate === given);
  return value ?? fail(`--${name} is "${given}": it must be one of ${values.join(", ")}`);
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function duration(name: string, given: string): number {
  const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/u.exec(given) ?? [];
  if (amount === undefined)
    return fail(`--${name} is "${given}": it must be a time such as 500ms, 60s, 10m or 2h`);
  return Number(amount) * (unitMs[unit] ?? 1_000);
}

function time(given: string): number {
  const value = Date.parse(given);
  return Number.isNaN(value)
    ? fail(`--start is "${given}": it must be a time such as 2026-01-01T00:00:00Z`)
    : value;
}

function idPrefix(given: string | undefined): string | undefined {
  if (given === undefined || /^([A-Za-z0-9][A-Za-z0-9._:-]{0,31})?$/u.test(given)) return given;
  return fail(
    `--id-prefix is "${given}": it must be up to 32 letters, digits or . _ : -, a letter or digit first`,
  );
}

function fail(message: string): never {
  throw new SimulatorError("OPTION_INVALID", message);
}
