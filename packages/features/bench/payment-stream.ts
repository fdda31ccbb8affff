import type { BaseTransaction } from "@tollgate/contracts";

/** A payment of the default engagement, whose own type lies above this package. */
export interface BenchedPayment extends BaseTransaction {
  readonly amountMinor: number;
  readonly currency: "EUR";
  readonly cardId: string;
  readonly customerId: string;
  readonly merchantId: string;
  readonly merchantCategoryCode: string;
  readonly terminalId: string;
  readonly channel: "card-present" | "card-not-present";
  readonly entryMode: "chip" | "e-commerce";
  readonly country: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly deviceId?: string;
}

const secondMs = 1000;
const merchants = 60;
const categories = ["5411", "5812", "5541", "5732", "5815", "5999"];
const countries = ["DE", "FR", "IT"];

/** Endless payments in the order of time: of each card some in a burst, some hours, some weeks apart. */
export function* paymentStream(cards: number): Generator<BenchedPayment, never> {
  const random = seededRandom(7);
  const pick = (count: number): number => Math.floor(random() * count);
  let atMs = Date.UTC(2026, 0, 5);
  for (let position = 0; ; position += 1) {
    atMs += Math.round(-Math.log(1 - random()) * ((86_400 * secondMs) / (cards * 1.5)));
    // Squared, so that some cards pay a hundred times as often as others.
    const card = Math.floor(random() ** 2 * cards);
    const merchant = Math.floor(random() ** 2 * merchants);
    const online = random() < 0.3;
    yield {
      id: `payment-${position}`,
      occurredAt: new Date(atMs).toISOString(),
      occurredAtMs: atMs,
      amountMinor: 100 + Math.floor(random() ** 3 * 50_000),
      currency: "EUR",
      cardId: `card-${card}`,
      customerId: `customer-${card}`,
      merchantId: `merchant-${merchant}`,
      merchantCategoryCode: categories[merchant % categories.length] ?? "5411",
      terminalId: `terminal-${merchant}-${pick(2)}`,
      channel: online ? "card-not-present" : "card-present",
      entryMode: online ? "e-commerce" : "chip",
      country: countries[merchant % countries.length] ?? "DE",
      ...(online
        ? { deviceId: `device-${card}-${pick(2)}` }
        : { latitude: 48 + merchant / 20, longitude: 2 + merchant / 10 }),
    };
  }
}

/** Mulberry32: small, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
