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

export const datasets: readonly DatasetDefinition[] = [handbook];

function isoTime(value: unknown): string {
  const time = value instanceof Date ? value : new Date(Number(value));
  return Number.isNaN(time.getTime()) ? String(value) : time.toISOString();
}
