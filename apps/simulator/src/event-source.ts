import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement, SimulationOptions } from "@tollgate/engagement";
import type { Clock, Logger } from "@tollgate/runtime";
import { SimulatorError } from "./errors.ts";
import { fileEvents } from "./file-events.ts";
import { simulatorLimits } from "./limits.ts";
import type { SimulatorOptions } from "./options.ts";
import { paceByRate, paceBySpeed, unpaced, type Pacing } from "./pacing.ts";
import { simulatedEvents } from "./simulated-events.ts";
import type { EventSource } from "./stream-event.ts";
import type { Tally } from "./tally.ts";
import { timeForTransactions } from "./time-for-transactions.ts";

/** What is sent and when. */
export interface PacedSource {
  readonly source: EventSource;
  readonly pacing: Pacing;
  readonly waitsForRoom: boolean;
}

interface SourceOptions<T extends BaseTransaction> {
  readonly options: SimulatorOptions;
  readonly compiled: CompiledEngagement<T>;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly logger: Logger;
}

/** Without any wish, a stream that a person can follow. */
const defaultRate = 100;

/** @throws SimulatorError when the data set is not one of the engagement's. */
export function openSource<T extends BaseTransaction>(sourceOptions: SourceOptions<T>): PacedSource {
  const { options, compiled, clock } = sourceOptions;
  const { rate, speed, file, dryRun } = options;
  const pacing = rate !== undefined ? paceByRate(rate) : speed !== undefined ? paceBySpeed(speed) : undefined;
  if (file !== undefined) {
    const source = openFile(file, sourceOptions);
    return { source, pacing: pacing ?? unpaced(), waitsForRoom: pacing === undefined };
  }
  const simulation = simulationOptions(options, compiled, clock.nowMs());
  const source = simulatedEvents({ compiled, simulation, watch: undefined });
  if (dryRun && pacing === undefined) return { source, pacing: unpaced(), waitsForRoom: true };
  return { source, pacing: pacing ?? paceByRate(defaultRate), waitsForRoom: false };
}

function openFile<T extends BaseTransaction>(
  path: string,
  { options, compiled, clock, tally, logger }: SourceOptions<T>,
): EventSource {
  const { datasets } = compiled.engagement;
  const dataset = datasets.find((candidate) => candidate.name === options.dataset);
  if (dataset === undefined) {
    const names = datasets.map((candidate) => candidate.name).join(", ");
    const given =
      options.dataset === undefined ? "--file needs --dataset" : `there is no data set ${options.dataset}`;
    throw new SimulatorError("OPTION_INVALID", `${given}: it must be one of ${names}`);
  }
  let lastRow = 0;
  return fileEvents({
    compiled,
    dataset,
    path,
    clock,
    onFault: (fault) => {
      if (fault.row !== lastRow) tally.invalidRows += 1;
      lastRow = fault.row;
      if (tally.invalidRows <= simulatorLimits.faultsNamed)
        logger.warn("row-not-sent", { file: path, ...fault });
    },
  });
}

const dayMs = 86_400_000;
/** Of a run whose end is not known: half a year, after which it goes on by the clock of the wall. */
const endlessDays = 180;
/** The sample's rate is a little uncertain: the run ends a little before now rather than after it. */
const safetyFactor = 1.1;

/** The same options and start give the same stream; the start is chosen so that the run ends by now. */
export function simulationOptions<T extends BaseTransaction>(
  options: SimulatorOptions,
  compiled: CompiledEngagement<T>,
  nowMs: number,
): SimulationOptions {
  const { seed, customers, dryRun, statistics } = options;
  const sendsNothing = dryRun || statistics;
  const idPrefix = options.idPrefix ?? (sendsNothing ? "" : `${nowMs.toString(36)}-`);
  const simulation = { seed, customers, idPrefix };
  if (options.startMs !== undefined) return { ...simulation, startMs: options.startMs };
  const eventMs =
    eventDurationMs(options, (transactions) =>
      timeForTransactions(compiled, { simulation, endMs: nowMs }, transactions),
    ) ?? endlessDays * dayMs;
  return { ...simulation, startMs: Math.floor((nowMs - eventMs) / 1000) * 1000 };
}

function eventDurationMs(
  options: SimulatorOptions,
  timeFor: (transactions: number) => number,
): number | undefined {
  const { speed, durationMs, count } = options;
  if (speed !== undefined && durationMs !== undefined) return speed * durationMs;
  const rate = options.rate ?? defaultRate;
  const byTime = durationMs === undefined ? Number.POSITIVE_INFINITY : (rate * durationMs) / 1000;
  const total = Math.min(count ?? Number.POSITIVE_INFINITY, byTime);
  return Number.isFinite(total) ? timeFor(total * safetyFactor) : undefined;
}
