import { parseArgs } from "node:util";
import { engagement } from "@tollgate/engagement-card-payments";
import { LoadError } from "./load-error.ts";
import { profileNames, type ProfileName } from "./profiles.ts";

/** What the person who starts a load test may choose. */
export interface LoadOptions {
  readonly profile: ProfileName;
  /** Length of the measured part; undefined: the profile's own. */
  readonly forSeconds: number | undefined;
  /** Transactions a second instead of the profile's own; undefined: the profile's. */
  readonly ratePerSecond: number | undefined;
  readonly arrivals: "constant" | "poisson";
  readonly seed: number;
  /** The version that serves, before it is promoted; undefined: the champion. */
  readonly model: string | undefined;
  /** Prints the figures as one JSON object in the last line. */
  readonly json: boolean;
  /** Runs again what missed a service level: it fails when two runs of three miss. */
  readonly gate: boolean;
  /** Writes the Kubernetes form instead of running. */
  readonly kubernetes: boolean;
  readonly help: boolean;
}

export const loadUsage: string = `usage: npm run load -- --profile NAME [options]
  --profile NAME     ${profileNames.slice(0, 5).join(", ")},
                     ${profileNames.slice(5).join(", ")}
  --for 60s          length of the measured part (s, m, h); default: the profile's own
  --rate 800         transactions a second instead of the profile's (then it is no gate)
  --arrivals poisson arrivals as of independent callers; default: constant
  --seed 7           of the simulated transactions and of Poisson arrivals
  --model @v4        that version serves instead of the champion: name@alias, name@v4, @alias or @v4
  --gate             run again what missed its latency or availability; two of three must keep it
  --kubernetes       with sla-10k: write what a cluster with the k6 operator needs, run nothing
  --json             print the figures as a last line of JSON
  --help`;

const known = {
  profile: { type: "string" },
  for: { type: "string" },
  rate: { type: "string" },
  arrivals: { type: "string", default: "constant" },
  seed: { type: "string", default: "7" },
  model: { type: "string" },
  gate: { type: "boolean", default: false },
  kubernetes: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** @throws LoadError with a sentence and the usage when an option cannot be used. */
export function parseLoadOptions(commandLine: readonly string[]): LoadOptions {
  const values = parse(commandLine);
  const profile = profileNames.find((name) => name === values.profile);
  if (profile === undefined && !values.help) {
    throw usageError(
      values.profile === undefined ? "--profile is missing" : `there is no profile ${values.profile}`,
    );
  }
  const { arrivals } = values;
  if (arrivals !== "constant" && arrivals !== "poisson") {
    throw usageError(`--arrivals is "${arrivals}": it must be constant or poisson`);
  }
  return {
    profile: profile ?? "smoke",
    forSeconds: values.for === undefined ? undefined : secondsOf(values.for),
    ratePerSecond:
      values.rate === undefined ? undefined : wholeNumber("rate", values.rate, { min: 1, max: 100_000 }),
    arrivals,
    seed: wholeNumber("seed", values.seed, { min: 0, max: 2 ** 31 }),
    model: values.model === undefined ? undefined : modelOf(values.model, values.profile),
    gate: values.gate,
    kubernetes: values.kubernetes,
    json: values.json,
    help: values.help,
  };
}

/** Of Poisson arrivals; undefined where requests come evenly. */
export function arrivalsSeedOf({ arrivals, seed }: LoadOptions): number | undefined {
  return arrivals === "poisson" ? seed : undefined;
}

type Given = ReturnType<typeof parseArgs<{ options: typeof known }>>["values"];

function parse(commandLine: readonly string[]): Given & { arrivals: string; seed: string } {
  try {
    return parseArgs({ args: [...commandLine], options: known }).values;
  } catch (error) {
    throw usageError((error as Error).message);
  }
}

function modelOf(text: string, profile: string | undefined): string {
  if (profile === "swap") throw usageError("--model does not go with swap, which brings its own versions");
  return text.startsWith("@") ? `${engagement.name}${text}` : text;
}

function secondsOf(text: string): number {
  const [, amount, unit = "s"] = /^(\d+)(s|m|h)?$/u.exec(text) ?? [];
  const seconds = Number(amount) * ({ s: 1, m: 60, h: 3_600 }[unit] ?? 1);
  if (seconds >= 5 && seconds <= 86_400) return seconds;
  throw usageError(`--for is "${text}": it must be a time from 5s to 24h`);
}

function wholeNumber(
  name: string,
  text: string,
  bounds: { readonly min: number; readonly max: number },
): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= bounds.min && value <= bounds.max) {
    return value;
  }
  throw usageError(`--${name} is "${text}": it must be a whole number from ${bounds.min} to ${bounds.max}`);
}

function usageError(sentence: string): LoadError {
  return new LoadError(`${sentence}\n${loadUsage}`);
}
