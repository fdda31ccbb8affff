import { parseArgs } from "node:util";
import { demoLimits } from "./demo-limits.ts";

/** What the person who starts the demo may choose. */
export interface DemoOptions {
  /** Undefined: until Ctrl-C, or until the simulated stream has reached the present. */
  readonly forSeconds: number | undefined;
  /** Transactions a second, Kafka and HTTP together. */
  readonly ratePerSecond: number;
  /** Share of them that goes by HTTP, in [0, 1]. */
  readonly httpShare: number;
  readonly customers: number;
  readonly seed: number;
  /** Whether the drift monitor runs too: it reads every decision once more. */
  readonly driftMonitor: boolean;
  /** Whether what shows the metrics of Kafka, Redis and PostgreSQL runs too. */
  readonly exporters: boolean;
  /** Prints the summary's figures as one JSON object at the end. */
  readonly json: boolean;
  readonly help: boolean;
}

export const demoUsage: string = `usage: npm run demo -- [options]
  --for 60s         end by itself after that time (s, m); default: until Ctrl-C
  --rate 600        transactions a second, Kafka and HTTP together
  --http-share 0.2  share of them that goes by HTTP
  --customers 6000  simulated card holders
  --seed 7          of the simulation: the same seed gives the same stream
  --no-drift        without the drift monitor, which costs as much as a second consumer
  --exporters       with the metrics of Kafka, Redis and PostgreSQL, where their exporters can be had
  --json            print the summary's figures as a last line of JSON
  --help`;

/** An option that cannot be used; the message says which are. */
export class DemoOptionError extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(`${sentence}\n${demoUsage}`, { cause });
    this.name = "DemoOptionError";
  }
}

/** @throws DemoOptionError with a sentence and the usage when an option is not usable. */
export function parseDemoOptions(commandLine: readonly string[]): DemoOptions {
  let values: Readonly<Record<string, string | boolean | undefined>>;
  try {
    ({ values } = parseArgs({
      args: [...commandLine],
      options: {
        for: { type: "string" },
        rate: { type: "string", default: "600" },
        "http-share": { type: "string", default: "0.2" },
        customers: { type: "string", default: "6000" },
        seed: { type: "string", default: "7" },
        "no-drift": { type: "boolean", default: false },
        exporters: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw new DemoOptionError((error as Error).message, error);
  }
  const text = (name: string): string => String(values[name]);
  return {
    forSeconds: values["for"] === undefined ? undefined : secondsOf(text("for")),
    ratePerSecond: numberOf("rate", text("rate"), { min: 1, max: demoLimits.ratePerSecond }),
    httpShare: numberOf("http-share", text("http-share"), { min: 0, max: 1 }),
    customers: numberOf("customers", text("customers"), { min: 100, max: 1_000_000 }),
    seed: numberOf("seed", text("seed"), { min: 0, max: 2 ** 31 }),
    driftMonitor: values["no-drift"] !== true,
    exporters: values["exporters"] === true,
    json: values["json"] === true,
    help: values["help"] === true,
  };
}

function secondsOf(text: string): number {
  const [, amount, unit] = /^(\d+)(s|m)$/u.exec(text) ?? [];
  const seconds = Number(amount) * (unit === "m" ? 60 : 1);
  if (seconds >= 5 && seconds <= demoLimits.forSeconds) return seconds;
  throw new DemoOptionError(
    `--for is "${text}": it must be a time from 5s to ${demoLimits.forSeconds / 60}m`,
  );
}

function numberOf(
  name: string,
  text: string,
  bounds: { readonly min: number; readonly max: number },
): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= bounds.min && value <= bounds.max) return value;
  const range = `from ${bounds.min} to ${bounds.max}`;
  throw new DemoOptionError(`--${name} is "${text}": it must be a number ${range}`);
}
