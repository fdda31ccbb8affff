import { categoryNamed } from "./categories.ts";
import { honestLabel } from "./label-delay.ts";
import { hourMs, subscriptionHabits } from "./parameters.ts";
import { chooseCard } from "./shopping.ts";
import type { Customer } from "./people.ts";
import { habitUniform } from "@tollgate/engagement";
import type { SimulatedPayment, World } from "./world.ts";

interface Subscription {
  readonly customer: Customer;
  readonly number: number;
}

/** The merchant charges every 30 days: the same amount, no device. It is what a slow drain hides behind. */
export function scheduleSubscriptions(world: World): void {
  const { periodHours } = subscriptionHabits;
  const dueByHour = Array.from({ length: periodHours }, (): Subscription[] => []);
  for (const customer of world.customers) {
    const count = Math.min(
      subscriptionHabits.perCustomerMax,
      Math.floor(world.random.exponential(subscriptionHabits.perCustomerMean)),
    );
    for (let number = 0; number < count; number += 1) {
      dueByHour[world.random.integer(0, periodHours - 1)]?.push({ customer, number });
    }
  }
  const firstHour = Math.ceil(world.startMs / hourMs);
  scheduleHour(world, dueByHour, firstHour);
}

/** Only the hour's own charges wait in the agenda, not a month of them. */
function scheduleHour(world: World, dueByHour: readonly Subscription[][], hour: number): void {
  world.schedule(hour * hourMs, (atMs) => {
    for (const subscription of dueByHour[hour % dueByHour.length] ?? []) {
      world.schedule(atMs + world.random.between(0, hourMs), (nowMs) => charge(world, subscription, nowMs));
    }
    scheduleHour(world, dueByHour, hour + 1);
    return undefined;
  });
}

const names = ["subscriptions", "digitalMedia", "telecom", "charities"] as const;

function charge(world: World, { customer, number }: Subscription, atMs: number): SimulatedPayment {
  const which =
    names[Math.floor(habitUniform(customer.index, 500, number) * names.length)] ?? "subscriptions";
  const category = categoryNamed(which);
  const merchant = world.market.online(category)(habitUniform(customer.index, 501, number));
  const [terminal] = merchant.terminals;
  if (terminal === undefined) throw new RangeError(`${merchant.id} has no checkout`);
  const purchase = {
    atMs,
    customer,
    card: customer.cards[0] ?? chooseCard(customer, world.random),
    merchant,
    terminal,
    euros: category.medianEuros * merchant.priceLevel * (0.6 + habitUniform(customer.index, 502, number)),
    entryMode: "e-commerce" as const,
    deviceId: undefined,
    ipAddress: undefined,
  };
  return world.record(purchase, undefined, honestLabel(world, atMs));
}
