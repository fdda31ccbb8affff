import type { DatasetDefinition } from "@tollgate/engagement";
import { componentNames } from "./components.ts";

/** `Time` is seconds since the first payment; the set is of two days in September 2013. */
const startMs = Date.UTC(2013, 8, 1);

/** The published file, `creditcard.csv`. */
export const dataset: DatasetDefinition = {
  name: "ulb",
  description: "ULB credit card fraud, two days of September 2013 (CSV).",
  format: "csv",
  columns: ["Time", ...componentNames, "Amount", "Class"],
  labelDelayDays: 7,
  toTransaction(row, rowNumber) {
    return {
      fraud: Number(row["Class"]) === 1,
      transaction: {
        id: `ulb-${rowNumber}`,
        occurredAt: isoTime(row["Time"]),
        amountMinor: Math.round(Number(row["Amount"]) * 100),
        components: componentNames.map((name) => Number(row[name])),
      },
    };
  },
};

/** What is not a time stays as it is: the schema then says so, with its path. */
function isoTime(seconds: unknown): string {
  const time = new Date(startMs + Number(seconds) * 1000);
  return Number.isNaN(time.getTime()) ? String(seconds) : time.toISOString();
}
