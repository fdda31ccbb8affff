/**
 * What watching costs the scoring path: the same calls through plans that tell nobody, that count (metrics,
 * as in production), and that count and trace; two at a time, in alternating stretches of one process.
 * Silent against silent is the control: what it shows is noise, and no other share is surer.
 */
import type { BaseTransaction } from "@tollgate/contracts";
import { median, type BenchOptions, type BenchResult } from "@tollgate/runtime";
import { hooksWhenOff } from "./telemetry/hooks-when-off.ts";
import { openSides, type Call, type Side, type Sides } from "./telemetry/open-sides.ts";

const goals = { telemetryShare: 0.03, tracingOffBytes: 1 };
/** Calls of a stretch without exports: some 15 ms, so that what else the machine does meets both sides. */
const shortStretch = 100;
/** With exports: about what a busy process serves in the second between two of them. */
const longStretch = 1_000;
const warmUpCalls = 4_000;

interface Comparison {
  /** Median processor µs of a call, of the side that does less and of the one that does more. */
  readonly less: number;
  readonly more: number;
  /** What the second adds, as a share of it: the median of all rounds. */
  readonly share: number;
}

export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  await using sides = await openSides();
  const { control, controlAgain, silent, metrics, onePercent, all } = sides.byName;
  const calls = callsOf(sides);
  // The same for all of them: what a store holds decides what the next call costs.
  const warmUp = Array.from({ length: warmUpCalls }, () => calls.next());
  for (const side of Object.values(sides.byName)) await processorMicros(side, warmUp);
  const often = { calls, rounds: quick ? 60 : 200, stretch: shortStretch };
  const seldom = { calls, rounds: quick ? 4 : 12, stretch: longStretch };
  const nothing = await compare(control, controlAgain, often);
  const counted = await compare(silent, metrics, often);
  const sampled = await compare(metrics, onePercent, seldom);
  const traced = await compare(metrics, all, seldom);
  return resultOf({ nothing, counted, sampled, traced }, hooksWhenOff(sides.compiled, calls.next()));
}

/** Each round both sides get the same calls; who comes first changes, as that one finds colder caches. */
async function compare(
  less: Side,
  more: Side,
  options: { readonly calls: { next(): Call }; readonly rounds: number; readonly stretch: number },
): Promise<Comparison> {
  const spent: { readonly less: number; readonly more: number }[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const stretch = Array.from({ length: options.stretch }, () => options.calls.next());
    const first = await processorMicros(round % 2 === 0 ? less : more, stretch);
    const second = await processorMicros(round % 2 === 0 ? more : less, stretch);
    spent.push(round % 2 === 0 ? { less: first, more: second } : { less: second, more: first });
  }
  const medians = {
    less: median(spent.map((round) => round.less)),
    more: median(spent.map((round) => round.more)),
  };
  // Of each round by itself: the machine's speed changes from round to round, for both sides alike.
  return { ...medians, share: median(spent.map((round) => 1 - round.less / round.more)) };
}

async function processorMicros(side: Side, stretch: readonly Call[]): Promise<number> {
  const before = process.cpuUsage();
  for (const call of stretch) await side.score(call);
  await side.flush();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / stretch.length;
}

function callsOf(sides: Sides): { next(): Call } {
  const stream: Iterator<{ readonly transaction: BaseTransaction }> = sides.simulate()[Symbol.iterator]();
  return {
    next() {
      const next = stream.next();
      if (next.done === true) throw new Error("the simulation ended");
      return { transaction: next.value.transaction, source: "http" };
    },
  };
}

function resultOf(
  compared: Readonly<Record<"nothing" | "counted" | "sampled" | "traced", Comparison>>,
  off: ReturnType<typeof hooksWhenOff>,
): BenchResult {
  const { nothing, counted, sampled, traced } = compared;
  const figures = {
    telemetryShare: Number(counted.share.toFixed(4)),
    controlShare: Number(nothing.share.toFixed(4)),
    tracingOffNanos: Number(off.nanos.toFixed(1)),
    tracingOffBytes: Number(off.bytes.toFixed(2)),
    tracingOnePercentShare: Number(sampled.share.toFixed(4)),
    tracingAllShare: Number(traced.share.toFixed(4)),
    pathMicros: Number(counted.more.toFixed(1)),
  };
  const row = (what: string, { less, more, share }: Comparison): readonly string[] => [
    what,
    less.toFixed(1),
    more.toFixed(1),
    `${(share * 100).toFixed(2)} %`,
  ];
  const off1000 = (off.nanos / 1_000).toFixed(3);
  return {
    table: {
      header: ["one transaction a call", "processor µs without", "with", "share of the path"],
      rows: [
        row("control: nothing, twice", nothing),
        row("metrics", counted),
        ["tracing's hooks while it is off", "", off1000, `${off.bytes.toFixed(2)} bytes made`],
        row("traces, 1 % kept", sampled),
        row("traces, all kept", traced),
      ],
    },
    figures,
    passed:
      figures.telemetryShare <= goals.telemetryShare && figures.tracingOffBytes <= goals.tracingOffBytes,
    notes: [
      "Processor time of the whole process: memory store, real model, decisions as JSON, no network. HTTP's",
      "own cost would make the shares smaller. Traces go by OTLP to a receiver in another process, once for",
      `each ${longStretch} calls.`,
    ],
  };
}
