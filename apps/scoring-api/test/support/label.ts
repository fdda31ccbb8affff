/** A valid label. */
export function label(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    labelId: "label-1",
    transactionId: "payment-000001",
    fraud: true,
    source: "chargeback",
    labelledAt: "2026-03-09T12:00:00Z",
    ...changes,
  };
}
