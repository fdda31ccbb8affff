import type { CompiledEngagement, SimulatedTransaction } from "@tollgate/engagement";
import type { CardPayment } from "@tollgate/engagement-card-payments";
import type { Clock } from "@tollgate/runtime";
import { simulationOptions } from "./event-source.ts";
import type { SimulatorOptions } from "./options.ts";
import { createStatistics } from "./statistics.ts";
import { statisticsTable } from "./statistics-table.ts";

/** Two months of 20,000 customers: long enough for every pattern to show its share. */
const defaultCount = 1_500_000;
/** 5 January 2026, a Monday: the same table every time, unless another start is wished. */
const defaultStartMs = Date.UTC(2026, 0, 5);

export interface StatisticsParts {
  readonly compiled: CompiledEngagement<CardPayment>;
  readonly options: SimulatorOptions;
  readonly clock: Clock;
  readonly write: (text: string) => void;
  readonly stop: AbortSignal;
}

/** Makes the stream without sending it, and prints what it is made of and how fast it was made. */
export function printStatistics({ compiled, options, clock, write, stop }: StatisticsParts): void {
  const { count = defaultCount, startMs = defaultStartMs } = options;
  const simulation = simulationOptions({ ...options, startMs }, compiled, clock.nowMs());
  const stream = compiled.engagement.simulate(simulation);
  const perSecond = generationRate(stream, clock);
  const statistics = createStatistics();
  let made = 0;
  for (const simulated of compiled.engagement.simulate(simulation)) {
    statistics.add(simulated);
    made += 1;
    if (made >= count || stop.aborted) break;
  }
  write(`${statisticsTable(statistics.read())}\n`);
  write(`\ngenerated on one core: ${Math.round(perSecond).toLocaleString("en-GB")} transactions a second\n`);
}

/** Enough for the compiler to have warmed up; half of them are measured. */
const measured = 200_000;

function generationRate(stream: Iterable<SimulatedTransaction<CardPayment>>, clock: Clock): number {
  let made = 0;
  let startMicros = 0;
  for (const simulated of stream) {
    made += 1;
    if (made === measured) startMicros = clock.monotonicMicros();
    if (made >= 2 * measured && simulated.transaction.id !== "") break;
  }
  return measured / ((clock.monotonicMicros() - startMicros) / 1e6);
}
