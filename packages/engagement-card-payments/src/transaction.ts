import { transactionIdMaxLength, transactionIdPattern, type BaseTransaction } from "@tollgate/contracts";
import { parseWith, type TransactionSchema } from "@tollgate/engagement";
import { z } from "zod";
import { countryCodes } from "./country.ts";
import { currencyCodes, type Currency } from "./currency.ts";

/** A card payment as the platform sees it: tokens, never card numbers. */
export interface CardPayment extends BaseTransaction {
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly cardId: string;
  readonly customerId: string;
  readonly merchantId: string;
  readonly merchantCategoryCode: string;
  readonly terminalId: string;
  readonly channel: "card-present" | "card-not-present";
  readonly entryMode: "chip" | "contactless" | "magnetic-stripe" | "manual" | "e-commerce";
  readonly country: string;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
  readonly deviceId?: string | undefined;
  readonly ipAddress?: string | undefined;
}

/** Clocks of terminals run ahead; more than this is a fault (or a replayed file of another age). */
export const futureToleranceMs: number = 5 * 60_000;

/** About ten million euros: more is a fault in the unit, not a payment. */
export const amountMaxMinor = 1_000_000_000;

/** Before the first payment card: an older date is a fault in the unit (seconds for milliseconds). */
const earliestMs = Date.UTC(1990, 0, 1);

const token = (meaning: string): z.ZodType<string> =>
  z
    .string({ error: "must be a string" })
    .regex(transactionIdPattern, `must be 1 to ${transactionIdMaxLength} letters, digits or . _ : -`)
    .refine((value) => !looksLikeCardNumber(value), "looks like a card number: send a token instead")
    .describe(meaning);

const wireSchema = z.strictObject(
  {
    id: z
      .string({ error: "must be a string" })
      .regex(transactionIdPattern, `must be 1 to ${transactionIdMaxLength} letters, digits or . _ : -`)
      .describe("Unique id of the transaction; a retry with the same id gets the first decision."),
    occurredAt: z.iso
      .datetime({ offset: true, error: "must be an RFC 3339 time with offset, as 2026-03-01T12:00:00Z" })
      .describe("When the payment happened, RFC 3339 with offset."),
    amountMinor: z
      .int({ error: "must be a whole number of minor units" })
      .min(0, "must not be negative")
      .max(amountMaxMinor, `must be at most ${amountMaxMinor}`)
      .describe("Amount in minor units of the currency (cents for EUR, yen for JPY)."),
    currency: z
      .enum(currencyCodes, { error: `must be one of ${currencyCodes.join(", ")}` })
      .describe("ISO 4217 code."),
    cardId: token("Token of the card."),
    customerId: token("Token of the cardholder."),
    merchantId: token("Id of the merchant."),
    merchantCategoryCode: z
      .string({ error: "must be a string" })
      .regex(/^\d{4}$/u, "must be four digits")
      .describe("Merchant category code, ISO 18245."),
    terminalId: token("Id of the terminal or web shop checkout."),
    channel: z
      .enum(["card-present", "card-not-present"], {
        error: "must be card-present or card-not-present",
      })
      .describe("Whether the card was at the terminal."),
    entryMode: z
      .enum(["chip", "contactless", "magnetic-stripe", "manual", "e-commerce"], {
        error: "must be one of chip, contactless, magnetic-stripe, manual, e-commerce",
      })
      .describe("How the card's data were entered."),
    country: z
      .string({ error: "must be a string" })
      .refine((code) => countryCodes.has(code), "must be an ISO 3166-1 alpha-2 code, as DE")
      .describe("Country of the merchant, ISO 3166-1 alpha-2."),
    latitude: degrees(90, "Latitude of the terminal, degrees north."),
    longitude: degrees(180, "Longitude of the terminal, degrees east."),
    deviceId: token("Token of the buyer's device, for card-not-present.").optional(),
    ipAddress: z
      .union([z.ipv4(), z.ipv6()], { error: "must be an IPv4 or IPv6 address" })
      .optional()
      .describe("Address the order came from, for card-not-present."),
  },
  { error: (issue) => (issue.code === "invalid_type" ? "must be a JSON object" : undefined) },
);

export const transactionSchema: TransactionSchema<CardPayment> = {
  parse(input, nowMs) {
    const parsed = parseWith(wireSchema, input);
    if (!parsed.ok) return parsed;
    const wire = parsed.value;
    const faults = [];
    const occurredAtMs = Date.parse(wire.occurredAt);
    if (!(occurredAtMs >= earliestMs)) faults.push({ path: "/occurredAt", message: "must be after 1990" });
    if (occurredAtMs > nowMs + futureToleranceMs) {
      const ahead = `must not lie more than ${futureToleranceMs / 60_000} minutes in the future`;
      faults.push({ path: "/occurredAt", message: ahead });
    }
    if ((wire.latitude === undefined) !== (wire.longitude === undefined)) {
      faults.push({ path: "/latitude", message: "latitude and longitude must come together" });
    }
    return faults.length > 0 ? { ok: false, faults } : { ok: true, value: { ...wire, occurredAtMs } };
  },
  toWire(transaction) {
    const { occurredAtMs: _derived, ...wire } = transaction;
    return wire;
  },
  fromWire(wire) {
    const accepted = wire as Omit<CardPayment, "occurredAtMs">;
    return { ...accepted, occurredAtMs: Date.parse(accepted.occurredAt) };
  },
  jsonSchema: z.toJSONSchema(wireSchema, { io: "input" }) as Readonly<Record<string, unknown>>,
  example: (nowMs) => ({
    id: "payment-000001",
    occurredAt: new Date(nowMs).toISOString(),
    amountMinor: 4599,
    currency: "EUR",
    cardId: "card-000042",
    customerId: "customer-000042",
    merchantId: "merchant-0007",
    merchantCategoryCode: "5411",
    terminalId: "terminal-0007-1",
    channel: "card-present",
    entryMode: "contactless",
    country: "DE",
    latitude: 52.52,
    longitude: 13.405,
  }),
};

function degrees(limit: number, meaning: string): z.ZodOptional<z.ZodNumber> {
  return z
    .number({ error: "must be a number of degrees" })
    .min(-limit, `must be from -${limit} to ${limit}`)
    .max(limit, `must be from -${limit} to ${limit}`)
    .describe(meaning)
    .optional();
}

/** 12 to 19 digits (ISO/IEC 7812) that pass the Luhn check: a card number has no business here. */
function looksLikeCardNumber(value: string): boolean {
  const digits = value.replaceAll(/[-._:]/gu, "");
  if (!/^\d{12,19}$/u.test(digits)) return false;
  let sum = 0;
  for (let position = 0; position < digits.length; position += 1) {
    const digit = Number(digits[digits.length - 1 - position]);
    const doubled = position % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
