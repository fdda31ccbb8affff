import { amountInEuros, currencyCodes, type Currency } from "../currency.ts";
import type { CardPayment } from "../transaction.ts";
import { cities } from "./cities.ts";
import type { Merchant, Terminal } from "./merchants.ts";
import type { Card, Customer } from "./people.ts";

/** Somebody pays: the parts of a transaction before it has an id and a wire shape. */
export interface Purchase {
  readonly atMs: number;
  readonly customer: Customer;
  readonly card: Card;
  readonly merchant: Merchant;
  readonly terminal: Terminal;
  readonly euros: number;
  readonly entryMode: CardPayment["entryMode"];
  readonly deviceId: string | undefined;
  readonly ipAddress: string | undefined;
}

export function toPayment(purchase: Purchase, id: string): CardPayment {
  const { atMs, customer, card, merchant, terminal, entryMode } = purchase;
  const currency = merchant.place?.currency ?? cities[customer.home]?.currency ?? "EUR";
  const base = {
    id,
    occurredAt: new Date(atMs).toISOString(),
    occurredAtMs: atMs,
    amountMinor: minorUnits(purchase.euros, currency, merchant.category.code),
    currency,
    cardId: card.id,
    customerId: customer.id,
    merchantId: merchant.id,
    merchantCategoryCode: merchant.category.code,
    terminalId: terminal.id,
    entryMode,
    country: merchant.country,
  };
  if (merchant.place !== undefined) {
    const { latitude, longitude } = merchant.place;
    return { ...base, channel: "card-present", latitude, longitude };
  }
  const { deviceId, ipAddress } = purchase;
  if (deviceId === undefined) return { ...base, channel: "card-not-present" };
  return { ...base, channel: "card-not-present", deviceId, ipAddress };
}

const minorPerEuro: ReadonlyMap<Currency, number> = new Map(
  currencyCodes.map((currency) => [currency, 1 / amountInEuros(1, currency)]),
);

/** In the currency's minor units, with the endings that prices have. */
function minorUnits(euros: number, currency: Currency, categoryCode: string): number {
  const minor = Math.max(1, Math.round(euros * (minorPerEuro.get(currency) ?? 100)));
  if (categoryCode === cashMachineCode) return Math.max(1, Math.round(minor / noteMinor)) * noteMinor;
  // A price point is a property of the price, so it is derived from it and needs no draw.
  if (minor > pricePointMinor && minor % 5 < 2) return minor - (minor % 100) + 99;
  return minor;
}

const cashMachineCode = "6011";
/** The smallest note a machine gives: 10.00. */
const noteMinor = 1000;
/** Below this, prices are not rounded to .99. */
const pricePointMinor = 300;
