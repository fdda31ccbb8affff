import { createRandom, type Random } from "@tollgate/engagement";
import type { CardPayment } from "@tollgate/engagement-card-payments";
import type { SimulatedPayment } from "./simulated-row.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const seed = 98;

/** On the third day from nine to nine, honest buyers hurry to one web shop: 4 % more payments that day. */
export function addCampaign(
  payments: readonly SimulatedPayment[],
  fromMs: number,
): readonly SimulatedPayment[] {
  const random = createRandom(seed, "campaign");
  const dayFromMs = fromMs + 2 * dayMs;
  const buyers = onlineOf(payments).filter(({ occurredAtMs }) => occurredAtMs < dayFromMs + dayMs);
  const shop = buyers.find(({ merchantCategoryCode }) => merchantCategoryCode === "5651") ?? buyers[0];
  const ofDay = payments.filter(({ transaction: { occurredAtMs } }) => {
    return occurredAtMs >= dayFromMs && occurredAtMs < dayFromMs + dayMs;
  });
  if (shop === undefined) return payments;
  const added = Array.from({ length: Math.round(0.04 * ofDay.length) }, (_, index) => {
    const buyer = random.pick(buyers);
    const atMs = Math.floor(dayFromMs + random.between(9, 21) * hourMs);
    const amountMinor = Math.round(random.logNormal(4500, 0.5));
    return paid({ ...buyer, ...placeOf(shop), amountMinor, id: `campaign-${index}` }, atMs);
  });
  return merged(payments, added);
}

/** Programs try stolen numbers at three checkouts: bursts of 30 small payments, a card and a device each. */
export function addBots(payments: readonly SimulatedPayment[], fromMs: number): readonly SimulatedPayment[] {
  const random = createRandom(seed, "bots");
  const online = onlineOf(payments);
  const shops = [0, 1, 2].map(() => random.pick(online));
  const lastMs = payments.at(-1)?.transaction.occurredAtMs ?? fromMs;
  const bursts = Math.round((0.01 * payments.length) / burst);
  const added = Array.from({ length: bursts }, (_, index) => {
    const beganMs = random.between(fromMs, lastMs - hourMs);
    const bot = { ...random.pick(online), ...placeOf(random.pick(shops)), ...identity(index) };
    return burstOf(random, bot, beganMs);
  });
  return merged(
    payments,
    added.flat().toSorted((a, b) => timeOf(a) - timeOf(b)),
  );
}

const burst = 30;

function burstOf(random: Random, bot: CardPayment, beganMs: number): readonly SimulatedPayment[] {
  let atMs = beganMs;
  return Array.from({ length: burst }, (_, place) => {
    atMs += random.exponential(20_000);
    const amountMinor = random.integer(100, 300);
    return paid({ ...bot, amountMinor, id: `${bot.id}-${place}` }, Math.floor(atMs));
  });
}

function identity(index: number): Pick<CardPayment, "id" | "cardId" | "customerId" | "deviceId"> {
  const name = `bot-${index}`;
  return { id: name, cardId: name, customerId: name, deviceId: `${name}-device` };
}

function onlineOf(payments: readonly SimulatedPayment[]): readonly CardPayment[] {
  return payments.map(({ transaction }) => transaction).filter(({ entryMode }) => entryMode === "e-commerce");
}

function placeOf({
  merchantId,
  merchantCategoryCode,
  terminalId,
  country,
}: CardPayment): Pick<CardPayment, "merchantId" | "merchantCategoryCode" | "terminalId" | "country"> {
  return { merchantId, merchantCategoryCode, terminalId, country };
}

function paid(transaction: CardPayment, occurredAtMs: number): SimulatedPayment {
  const occurredAt = new Date(occurredAtMs).toISOString();
  return { transaction: { ...transaction, occurredAtMs, occurredAt }, pattern: undefined, label: undefined };
}

function merged(
  payments: readonly SimulatedPayment[],
  added: readonly SimulatedPayment[],
): readonly SimulatedPayment[] {
  return [...payments, ...added].toSorted((a, b) => timeOf(a) - timeOf(b));
}

function timeOf({ transaction }: SimulatedPayment): number {
  return transaction.occurredAtMs;
}
