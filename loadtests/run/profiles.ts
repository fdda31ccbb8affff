import type { ServiceLevels } from "@tollgate/engagement";

export const profileNames = [
  "smoke",
  "sla",
  "sla-10k",
  "sla-10k-batch",
  "stress",
  "spike",
  "soak",
  "swap",
  "faults",
  "stream",
] as const;

export type ProfileName = (typeof profileNames)[number];

/** A time with one rate, before it is counted in requests. */
export interface Step {
  readonly name: string;
  readonly kind: "warm-up" | "measured";
  readonly seconds: number;
  readonly transactionsPerSecond: number;
}

/** What a load test does, and which of the engagement's service levels it is held to. */
export interface Profile {
  readonly name: ProfileName;
  readonly description: string;
  /** Of the measured part. */
  readonly seconds: number;
  readonly transactionsPerRequest: number;
  /** Transactions a second. */
  readonly rate: (levels: ServiceLevels, cores: number) => number;
  /** The measured part. */
  readonly steps: (seconds: number, rate: number) => readonly Step[];
  /** Whether the whole measured part is held to the promised latency and availability. */
  readonly held: boolean;
  readonly coresMin?: number;
  readonly usersMin?: number;
}

/** Stopped in this order, each with a part of the time of its own. */
export const faultedServices = ["redis", "postgres", "kafka"] as const;

export type FaultedService = (typeof faultedServices)[number];

/** The end of each part, when everything must be as before. */
const settledShare = 0.4;

/** A time without swaps, then a hundred of them in a row and a time to see what they left behind. */
const swapSeconds = { before: 20, swapping: 130 } as const;

/** After a spike the promise holds again within this time. */
const recoveringSeconds = 5;

/** The promised rate is one for eight cores: this is a core's part of it, with everything on the machine. */
const promisedCores = 8;

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  smoke: {
    name: "smoke",
    description: "Everything starts, scores and records; says nothing about speed.",
    seconds: 20,
    transactionsPerRequest: 1,
    rate: () => 50,
    steps: steady,
    held: false,
    // Ten seconds of a machine that stands still: a busy one must not fail here.
    usersMin: 500,
  },
  sla: {
    name: "sla",
    description: "The promised rate's part for this machine's cores, one transaction a request.",
    seconds: 60,
    transactionsPerRequest: 1,
    rate: partOfCores,
    steps: steady,
    held: true,
  },
  "sla-10k": {
    name: "sla-10k",
    description: "The whole promised rate, one transaction a request.",
    seconds: 60,
    transactionsPerRequest: 1,
    rate: (levels) => levels.transactionsPerSecond,
    steps: steady,
    held: true,
    coresMin: promisedCores,
  },
  "sla-10k-batch": {
    name: "sla-10k-batch",
    description: "The whole promised rate in requests of ten.",
    seconds: 60,
    transactionsPerRequest: 10,
    rate: (levels) => levels.transactionsPerSecond,
    steps: steady,
    held: true,
  },
  stress: {
    name: "stress",
    description: "Ever more, to find where the promise ends.",
    seconds: 150,
    transactionsPerRequest: 1,
    rate: partOfCores,
    steps: (seconds, rate) =>
      [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5].map((share, index) => ({
        name: `step-${index + 1}`,
        kind: "measured",
        seconds: Math.max(1, Math.round(seconds / 10)),
        transactionsPerSecond: Math.round(rate * share),
      })),
    held: false,
  },
  spike: {
    name: "spike",
    description: "Ten times the rate at once: what is shed gets 429 or 503, and it passes.",
    seconds: 50,
    transactionsPerRequest: 1,
    rate: (levels, cores) => partOfCores(levels, cores) / 10,
    steps: (seconds, rate) => [
      measured("before", seconds * 0.3, rate),
      measured("spike", seconds * 0.2, rate * 10),
      measured("recovering", recoveringSeconds, rate),
      measured("after", seconds * 0.5 - recoveringSeconds, rate),
    ],
    held: false,
  },
  soak: {
    name: "soak",
    description: "An hour: memory and latency stay flat.",
    seconds: 3_600,
    transactionsPerRequest: 1,
    rate: partOfCores,
    steps: steady,
    held: true,
  },
  swap: {
    name: "swap",
    description: "The champion's alias moves to and fro between two versions under load.",
    seconds: swapSeconds.before + swapSeconds.swapping,
    transactionsPerRequest: 1,
    rate: (levels, cores) => partOfCores(levels, cores) * 0.4,
    steps: (seconds, rate) => {
      const share = swapSeconds.before / (swapSeconds.before + swapSeconds.swapping);
      return [measured("before", seconds * share, rate), measured("swapping", seconds * (1 - share), rate)];
    },
    held: true,
  },
  faults: {
    name: "faults",
    description: "Redis, PostgreSQL and Kafka are stopped and come back, one after the other.",
    seconds: 120,
    transactionsPerRequest: 1,
    rate: (levels, cores) => partOfCores(levels, cores) / 10,
    steps: (seconds, rate) =>
      faultedServices.flatMap((service) => [
        measured(`${service}-away`, (seconds / faultedServices.length) * (1 - settledShare), rate),
        measured(`${service}-settled`, (seconds / faultedServices.length) * settledShare, rate),
      ]),
    held: false,
  },
  stream: {
    name: "stream",
    description: "Through Kafka alone: the backlog stays bounded at the rate.",
    seconds: 60,
    transactionsPerRequest: 1,
    rate: partOfCores,
    steps: steady,
    held: false,
  },
};

function partOfCores(levels: ServiceLevels, cores: number): number {
  return (levels.transactionsPerSecond / promisedCores) * cores;
}

function steady(seconds: number, rate: number): readonly Step[] {
  return [measured("measured", seconds, rate)];
}

function measured(name: string, seconds: number, rate: number): Step {
  return { name, kind: "measured", seconds: Math.round(seconds), transactionsPerSecond: Math.round(rate) };
}
