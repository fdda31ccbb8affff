import { createDiscovery, type Discovery } from "../label-delay.ts";
import type { Purchase } from "../payment.ts";
import { replaceCard, type Card, type Customer } from "../people.ts";
import type { World } from "../world.ts";

/** A card in the wrong hands. It works until its owner's bank has replaced it. */
export interface Theft {
  readonly customer: Customer;
  readonly card: Card;
  /** The thief's next purchase, should the card still work then. */
  buy(purchase: Omit<Purchase, "customer" | "card">): void;
}

interface TheftOptions {
  readonly pattern: string;
  readonly customer: Customer;
  readonly card: Card;
  /** Share of such thefts that nobody ever reports. */
  readonly unreportedShare: number;
}

export function stealCard(world: World, { pattern, customer, card, unreportedShare }: TheftOptions): Theft {
  const { generation } = card;
  let discovery: Discovery | undefined;
  /** The clock of the discovery starts with the first payment that works. */
  const discover = (atMs: number): Discovery => {
    const found = createDiscovery(world.crime, atMs, unreportedShare);
    if (found.knownMs !== undefined) {
      world.schedule(found.knownMs, () => {
        if (card.generation === generation) replaceCard(card);
        return undefined;
      });
    }
    return found;
  };
  return {
    customer,
    card,
    buy(purchase) {
      world.schedule(purchase.atMs, (atMs) => {
        if (card.generation !== generation) return undefined;
        discovery ??= discover(atMs);
        return world.record({ ...purchase, atMs, customer, card }, pattern, discovery.labelOf(atMs));
      });
    },
  };
}
