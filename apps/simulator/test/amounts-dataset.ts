import type { DatasetDefinition } from "@tollgate/engagement";

const startMs = Date.UTC(2013, 8, 1);

/** A file of time, amount and truth alone, as card payments that each have a card of their own. */
export const amountsDataset: DatasetDefinition = {
  name: "amounts",
  description: "Amounts.",
  format: "csv",
  columns: ["Time", "Amount", "Class"],
  labelDelayDays: 7,
  toTransaction(row, rowNumber) {
    const time = new Date(startMs + Number(row["Time"]) * 1000);
    return {
      fraud: Number(row["Class"]) === 1,
      transaction: {
        id: `amounts-${rowNumber}`,
        occurredAt: Number.isNaN(time.getTime()) ? String(row["Time"]) : time.toISOString(),
        amountMinor: Math.round(Number(row["Amount"]) * 100),
        currency: "EUR",
        cardId: `amounts-card-${rowNumber}`,
        customerId: `amounts-customer-${rowNumber}`,
        merchantId: "amounts-merchant",
        merchantCategoryCode: "5999",
        terminalId: "amounts-terminal",
        channel: "card-not-present",
        entryMode: "e-commerce",
        country: "BE",
      },
    };
  },
};
