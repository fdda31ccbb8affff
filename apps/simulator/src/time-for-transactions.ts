import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement, SimulationOptions } from "@tollgate/engagement";

const hourMs = 3_600_000;
const hoursOfWeek = 7 * 24;
/** 2,000 people keep the error of a day below 2 %. */
const sampleCustomers = 2_000;

/**
 * How long before its end a stream must begin, in milliseconds of event time, to make so many transactions by
 * then. Days and hours differ (a Sunday has a third less than a Saturday), so the hours of the last week are
 * counted back one by one, in a small sample.
 */
export function timeForTransactions<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  stream: { readonly simulation: Omit<SimulationOptions, "startMs">; readonly endMs: number },
  transactions: number,
): number {
  const hours = transactionsByHour(compiled, stream);
  const week = hours.reduce((sum, count) => sum + count, 0);
  const weeks = Math.floor(transactions / week);
  let left = transactions - weeks * week;
  let back = weeks * hoursOfWeek;
  for (const count of hours.toReversed()) {
    if (left <= count) return (back + left / Math.max(count, 1)) * hourMs;
    left -= count;
    back += 1;
  }
  return back * hourMs;
}

/** Of the week that ends then, the oldest hour first. */
function transactionsByHour<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  { simulation, endMs }: { readonly simulation: Omit<SimulationOptions, "startMs">; readonly endMs: number },
): readonly number[] {
  const customers = Math.min(simulation.customers, sampleCustomers);
  const startMs = endMs - hoursOfWeek * hourMs;
  const hours = Array.from({ length: hoursOfWeek }, () => 0);
  for (const { transaction } of compiled.engagement.simulate({ ...simulation, customers, startMs })) {
    if (transaction.occurredAtMs >= endMs) break;
    const hour = Math.floor((transaction.occurredAtMs - startMs) / hourMs);
    hours[hour] = (hours[hour] ?? 0) + simulation.customers / customers;
  }
  return hours;
}
