import type { LabelSource } from "@tollgate/contracts";
import type { SimulatedPayment, World } from "./world.ts";
import { dayMs, hourMs, labels, minuteMs } from "./parameters.ts";
import type { Random } from "@tollgate/engagement";
import { weightedChoice } from "./weighted-choice.ts";

type Label = SimulatedPayment["label"];

/** How the fraud on one card comes to light: once, and then for all its payments. */
export interface Discovery {
  /** When the bank knows and replaces the card; undefined when nobody ever notices. */
  readonly knownMs: number | undefined;
  readonly labelOf: (atMs: number) => Label;
}

const chooseSource = weightedChoice(
  Object.entries(labels.sources) as [LabelSource, number][],
  ([, share]) => share,
);

/** Decides when the first fraudulent payment happens: who will notice, when, or nobody. */
export function createDiscovery(random: Random, firstMs: number, unreportedShare: number): Discovery {
  if (random.chance(unreportedShare)) return { knownMs: undefined, labelOf: () => undefined };
  const [source] = chooseSource(random.uniform());
  const knownMs = firstMs + noticeDelayMs(random, source);
  return {
    knownMs,
    labelOf(atMs) {
      const from = source === "chargeback" ? atMs + noticeDelayMs(random, source) : Math.max(knownMs, atMs);
      const labelledAtMs = Math.floor(from + random.exponential(labels.entryMinutesMean * minuteMs));
      return { labelledAtMs, source, fraud: true };
    },
  };
}

/** Most honest payments are never spoken of; an analyst releases a few, the buyer denies fewer still. */
export function honestLabel(world: World, atMs: number): Label {
  const { random } = world;
  const draw = random.uniform();
  if (draw >= labels.releasedShare + labels.friendlyFraudShare) return undefined;
  if (draw < labels.friendlyFraudShare) {
    return labelAfter(atMs + noticeDelayMs(random, "chargeback"), "chargeback", true);
  }
  return labelAfter(atMs + noticeDelayMs(random, "analyst"), "analyst", false);
}

function labelAfter(atMs: number, source: LabelSource, fraud: boolean): Label {
  return { labelledAtMs: Math.floor(atMs), source, fraud };
}

function noticeDelayMs(random: Random, source: LabelSource): number {
  switch (source) {
    case "customer":
      return boundedLogNormal(random, labels.customerHours) * hourMs;
    case "issuer":
      return boundedLogNormal(random, labels.issuerHours) * hourMs;
    case "analyst":
      return boundedLogNormal(random, labels.analystHours) * hourMs;
    case "chargeback":
      return boundedLogNormal(random, labels.chargebackDays) * dayMs;
  }
}

interface Delay {
  readonly median: number;
  readonly sigma: number;
  readonly min: number;
  readonly max: number;
}

function boundedLogNormal(random: Random, delay: Delay): number {
  return Math.min(Math.max(random.logNormal(delay.median, delay.sigma), delay.min), delay.max);
}
