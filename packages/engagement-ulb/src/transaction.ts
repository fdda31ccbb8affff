import { transactionIdMaxLength, transactionIdPattern, type BaseTransaction } from "@tollgate/contracts";
import { parseWith, type TransactionSchema } from "@tollgate/engagement";
import { z } from "zod";
import { componentNames } from "./components.ts";

/** A payment as the ULB set publishes it: no card, no merchant; amount, time and 28 principal components. */
export interface UlbPayment extends BaseTransaction {
  readonly amountMinor: number;
  /** V1 to V28, in order. */
  readonly components: readonly number[];
}

/** The largest component of the published set is 121 in size; a thousand times that is a fault. */
const componentMax = 100_000;
/** About ten million euros: more is a fault in the unit, not a payment. */
const amountMaxMinor = 1_000_000_000;
const futureToleranceMs = 5 * 60_000;

const wireSchema = z.strictObject(
  {
    id: z
      .string({ error: "must be a string" })
      .regex(transactionIdPattern, `must be 1 to ${transactionIdMaxLength} letters, digits or . _ : -`)
      .describe("Unique id of the payment."),
    occurredAt: z.iso
      .datetime({ offset: true, error: "must be an RFC 3339 time with offset, as 2013-09-01T12:00:00Z" })
      .describe("When the payment happened, RFC 3339 with offset."),
    amountMinor: z
      .int({ error: "must be a whole number of cents" })
      .min(0, "must not be negative")
      .max(amountMaxMinor, `must be at most ${amountMaxMinor}`)
      .describe("Amount in euro cents."),
    components: z
      .array(
        z
          .number({ error: "must be a number" })
          .min(-componentMax, `must be at least -${componentMax}`)
          .max(componentMax, `must be at most ${componentMax}`),
        { error: "must be an array of numbers" },
      )
      .length(componentNames.length, `must hold V1 to V${componentNames.length}`)
      .describe("The principal components V1 to V28, in order."),
  },
  { error: (issue) => (issue.code === "invalid_type" ? "must be a JSON object" : undefined) },
);

export const transactionSchema: TransactionSchema<UlbPayment> = {
  parse(input, nowMs) {
    const parsed = parseWith(wireSchema, input);
    if (!parsed.ok) return parsed;
    const occurredAtMs = Date.parse(parsed.value.occurredAt);
    if (occurredAtMs <= nowMs + futureToleranceMs) {
      return { ok: true, value: { ...parsed.value, occurredAtMs } };
    }
    const message = `must not lie more than ${futureToleranceMs / 60_000} minutes in the future`;
    return { ok: false, faults: [{ path: "/occurredAt", message }] };
  },
  toWire(transaction) {
    const { occurredAtMs: _derived, ...wire } = transaction;
    return wire;
  },
  fromWire(wire) {
    const accepted = wire as Omit<UlbPayment, "occurredAtMs">;
    return { ...accepted, occurredAtMs: Date.parse(accepted.occurredAt) };
  },
  jsonSchema: z.toJSONSchema(wireSchema, { io: "input" }) as Readonly<Record<string, unknown>>,
  example: (nowMs) => ({
    id: "ulb-000001",
    occurredAt: new Date(nowMs).toISOString(),
    amountMinor: 2200,
    components: componentNames.map(() => 0),
  }),
};
