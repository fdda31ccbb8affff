import type { DatasetDefinition } from "@tollgate/engagement";

/** The Handbook's places have no coordinates and no country: Belgium stands in, its authors' own. */
const handbook: DatasetDefinition = {
  name: "handbook",
  description: "Fraud Detection Handbook, simulated transactions of 2018 (Parquet, typed columns).",
  format: "parquet",
  columns: ["TRANSACTION_ID", "TX_DATETIME", "CUSTOMER_ID", "TERMINAL_ID", "TX_AMOUNT", "TX_FRAUD"],
  labelDelayDays: 7,
  toTransaction(row) {
    const customer = String(row["CUSTOMER_ID"]);
    const terminal = String(row["TERMINAL_ID"]);
    return {
      fraud: Number(row["TX_FRAUD"]) === 1,
      transaction: {
        id: `handbook-${String(row["TRANSACTION_ID"])}`,
        occurredAt: isoTime(row["TX_DATETIME"]),
        amountMinor: Math.round(Number(row["TX_AMOUNT"]) * 100),
        currency: "EUR",
        cardId: `handbook-card-${customer}`,
        customerId: `handbook-customer-${customer}`,
        merchantId: `handbook-merchant-${terminal}`,
        merchantCategoryCode: "5411",
        terminalId: `handbook-terminal-${terminal}`,
        channel: "card-present",
        entryMode: "chip",
        country: "BE",
      },
    };
  },
};

/** `Time` is seconds since the first transaction; the set is of two days in September 2013. */
const ulbStartMs = Date.UTC(2013, 8, 1);

/** ULB has neither card nor merchant: each row is a card of its own, so only the amount and time speak. */
const ulb: DatasetDefinition = {
  name: "ulb",
  description: "ULB credit card fraud, two days of September 2013 (CSV): amount, time and truth only.",
  format: "csv",
  columns: ["Time", "Amount", "Class"],
  labelDelayDays: 7,
  toTransaction(row, rowNumber) {
    return {
      fraud: Number(row["Class"]) === 1,
      transaction: {
        id: `ulb-${rowNumber}`,
        occurredAt: isoTime(ulbStartMs + Number(row["Time"]) * 1000),
        amountMinor: Math.round(Number(row["Amount"]) * 100),
        currency: "EUR",
        cardId: `ulb-card-${rowNumber}`,
        customerId: `ulb-customer-${rowNumber}`,
        merchantId: "ulb-merchant",
        merchantCategoryCode: "5999",
        terminalId: "ulb-terminal",
        channel: "card-not-present",
        entryMode: "e-commerce",
        country: "BE",
      },
    };
  },
};

export const datasets: readonly DatasetDefinition[] = [handbook, ulb];

function isoTime(value: unknown): string {
  const time = value instanceof Date ? value : new Date(Number(value));
  return Number.isNaN(time.getTime()) ? String(value) : time.toISOString();
}
