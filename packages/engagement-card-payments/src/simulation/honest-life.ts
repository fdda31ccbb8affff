import type { SpendCategory } from "./categories.ts";
import { cities } from "./cities.ts";
import { honestLabel } from "./label-delay.ts";
import type { Merchant } from "./merchants.ts";
import { dayMs, habits, hourMs, minuteMs, people, travel } from "./parameters.ts";
import type { Purchase } from "./payment.ts";
import type { Card, Customer } from "./people.ts";
import {
  buysOnline,
  chooseCard,
  chooseMerchant,
  createCategoryChoice,
  ownAddress,
  ownDevice,
  presentEntryMode,
  usualEuros,
} from "./shopping.ts";
import { createTripPlanner, whereabouts } from "./travel.ts";
import { scheduleRepeatedly, type SimulatedPayment, type World } from "./world.ts";

/** Honest people: what they buy when it is their turn, and what follows from it. */
export interface HonestLife {
  /** The next payment of somebody who has just decided to buy something. */
  readonly pay: (customer: Customer, atMs: number) => SimulatedPayment;
  /** A payment at a given merchant, as in a sale that everybody hurries to. */
  readonly payAt: (customer: Customer, merchant: Merchant, euros: number, atMs: number) => SimulatedPayment;
}

export function createHonestLife(world: World): HonestLife {
  const { random, market } = world;
  const chooseCategory = createCategoryChoice();
  scheduleTravel(world);
  scheduleNewDevices(world);

  const pay = (customer: Customer, atMs: number): SimulatedPayment => {
    const city = whereabouts(customer, atMs, random, people.stayedAtHomeShare);
    const localMs = atMs + (cities[city ?? customer.home]?.utcOffsetHours ?? 0) * hourMs;
    const online = city === undefined || buysOnline(customer, localMs, random);
    const category = chooseCategory(localMs, online, random.uniform());
    const merchant = chooseMerchant(market, customer, category, online ? undefined : city, random);
    const card = chooseCard(customer, random);
    const euros = usualEuros(merchant, customer, random);
    if (city === undefined || online) {
      const first = orderOnline(world, customer, card, merchant, euros, atMs);
      if (category.name === "games") followWithGameRun(world, first);
      return recordHonest(world, first);
    }
    if (category.onShoppingRound) followWithRound(customer, card, city, category, atMs);
    return recordHonest(world, payAtTerminal(world, customer, card, merchant, euros, city, atMs));
  };

  /** More shops around the corner, one after the other. */
  const followWithRound = (
    customer: Customer,
    card: Card,
    city: number,
    category: SpendCategory,
    atMs: number,
  ): void => {
    if (!random.chance(habits.roundShare)) return;
    let nextMs = atMs;
    for (let count = random.integer(...habits.roundPurchases); count > 0; count -= 1) {
      nextMs += random.between(...habits.roundGapMinutes) * minuteMs;
      world.schedule(nextMs, (nowMs) => {
        const localMs = nowMs + (cities[city]?.utcOffsetHours ?? 0) * hourMs;
        const drawn = chooseCategory(localMs, false, random.uniform());
        const next = drawn.onShoppingRound ? drawn : category;
        const merchant = chooseMerchant(market, customer, next, city, random);
        const euros = usualEuros(merchant, customer, random);
        return recordHonest(world, payAtTerminal(world, customer, card, merchant, euros, city, nowMs));
      });
    }
  };

  return {
    pay,
    payAt: (customer, merchant, euros, atMs) =>
      recordHonest(world, orderOnline(world, customer, chooseCard(customer, random), merchant, euros, atMs)),
  };
}

function recordHonest(world: World, purchase: Purchase): SimulatedPayment {
  return world.record(purchase, undefined, honestLabel(world, purchase.atMs));
}

function payAtTerminal(
  world: World,
  customer: Customer,
  card: Card,
  merchant: Merchant,
  euros: number,
  city: number,
  atMs: number,
): Purchase {
  const { random } = world;
  const terminal = random.pick(merchant.terminals);
  world.footprints.add({ customer, card, terminal, city, atMs });
  const entryMode = presentEntryMode(merchant, euros, random);
  return {
    atMs,
    customer,
    card,
    merchant,
    terminal,
    euros,
    entryMode,
    deviceId: undefined,
    ipAddress: undefined,
  };
}

function orderOnline(
  world: World,
  customer: Customer,
  card: Card,
  merchant: Merchant,
  euros: number,
  atMs: number,
): Purchase {
  const { random } = world;
  const terminal = random.pick(merchant.terminals);
  const byTelephone = isByTelephone(merchant) && random.chance(habits.manualEntryShare);
  const base = { atMs, customer, card, merchant, terminal, euros };
  if (byTelephone) return { ...base, entryMode: "manual", deviceId: undefined, ipAddress: undefined };
  const city = whereabouts(customer, atMs, random, people.stayedAtHomeShare) ?? customer.home;
  return {
    ...base,
    entryMode: "e-commerce",
    deviceId: ownDevice(customer, random),
    ipAddress: ownAddress(customer, city, random),
  };
}

function isByTelephone(merchant: Merchant): boolean {
  return habits.manualEntryCategories.some((name) => name === merchant.category.name);
}

/** Credits, another try, one more: small payments of one device at one shop. */
function followWithGameRun(world: World, first: Purchase): void {
  const { random } = world;
  if (!random.chance(habits.gameRunShare)) return;
  let nextMs = first.atMs;
  for (let count = random.integer(...habits.gameRunPurchases); count > 0; count -= 1) {
    nextMs += random.between(...habits.gameRunGapMinutes) * minuteMs;
    world.schedule(nextMs, (atMs) => {
      const euros = Math.min(first.euros, usualEuros(first.merchant, first.customer, random));
      return recordHonest(world, { ...first, atMs, euros });
    });
  }
}

function scheduleTravel(world: World): void {
  const { random, customers } = world;
  const plan = createTripPlanner(random);
  const meanGapMs = (365 * dayMs) / (travel.tripsPerYear * customers.length);
  scheduleRepeatedly(world, random, meanGapMs, (atMs) => {
    const customer = random.pick(customers);
    if (customer.trip === undefined || customer.trip.homeMs <= atMs) customer.trip = plan(customer, atMs);
  });
}

function scheduleNewDevices(world: World): void {
  const { random, customers } = world;
  const meanGapMs = (365 * dayMs) / (people.newDevicesPerYear * customers.length);
  scheduleRepeatedly(world, random, meanGapMs, () => {
    random.pick(customers).devicesOwned += 1;
  });
}
