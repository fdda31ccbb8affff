import { cities } from "./cities.ts";
import { dayMs, hourMs } from "./parameters.ts";
import type { Customer } from "./people.ts";
import type { Random } from "@tollgate/engagement";
import { weightedChoice, type WeightedChoice } from "./weighted-choice.ts";

/** One kind of person by the clock: relative activity for each local hour, on weekdays and at the weekend. */
interface HabitKind {
  readonly share: number;
  readonly weekday: readonly number[];
  readonly weekend: readonly number[];
}

/* oxfmt-ignore */
export const habitKinds: readonly HabitKind[] = [
  { // Works in the day: commuting, lunch, the evening.
    share: 0.5,
    weekday: [1, 0.5, 0.3, 0.2, 0.3, 1, 3, 6, 6, 4, 4, 5, 9, 8, 5, 5, 7, 11, 12, 10, 7, 5, 3, 2],
    weekend: [2, 1.5, 1, 0.5, 0.3, 0.4, 1, 2, 4, 8, 11, 12, 10, 9, 9, 9, 9, 8, 8, 8, 7, 6, 4, 3],
  },
  { // At home in the day: mornings and afternoons.
    share: 0.25,
    weekday: [0.5, 0.3, 0.2, 0.1, 0.2, 0.5, 1, 3, 7, 11, 12, 11, 8, 7, 9, 10, 9, 8, 6, 5, 4, 3, 2, 1],
    weekend: [0.7, 0.4, 0.2, 0.1, 0.2, 0.4, 1, 2, 5, 8, 10, 9, 7, 6, 7, 8, 7, 6, 5, 5, 4, 3, 2, 1],
  },
  { // Student: late.
    share: 0.17,
    weekday: [4, 2.5, 1.5, 0.8, 0.4, 0.3, 0.6, 2, 3, 4, 5, 7, 9, 8, 7, 7, 8, 9, 10, 10, 9, 8, 7, 6],
    weekend: [7, 6, 4, 2, 1, 0.5, 0.4, 0.7, 1.5, 3, 6, 8, 9, 9, 9, 9, 9, 9, 10, 11, 11, 10, 9, 8],
  },
  { // Works in shifts: any hour.
    share: 0.08,
    weekday: [4, 3, 3, 3, 4, 5, 6, 6, 6, 5, 5, 5, 5, 6, 7, 7, 6, 6, 6, 6, 6, 6, 6, 5],
    weekend: [4, 4, 3, 3, 3, 4, 4, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 5, 5],
  },
];

/** Monday to Sunday: the week fills up towards Saturday, and most shops rest on Sunday. Their mean is 1. */
const dayWeights: readonly number[] = [0.94, 0.93, 0.96, 1, 1.14, 1.2, 0.83];

/** Honest payments before anything follows on them: a Poisson process that breathes with day and week. */
export interface Arrivals {
  /** Time of the next payment after the given one, and who makes it. */
  readonly next: (afterMs: number) => number;
  readonly who: () => Customer;
}

/** People of one kind in one time zone: they wake and sleep together, so one choice by rate is enough. */
interface Crowd {
  readonly habit: HabitKind;
  readonly utcOffsetHours: number;
  readonly paymentsPerMs: number;
  readonly choose: WeightedChoice<Customer>;
}

/** Within a slice of a quarter of an hour the rate is held; slices make the day smooth enough. */
const sliceMs = dayMs / 96;

/**
 * The sum of everybody's Poisson processes is one Poisson process: draw the time from the sum, then the crowd
 * and the person by their rates. It costs the same for a hundred customers and for a million.
 */
export function createArrivals(random: Random, customers: readonly Customer[]): Arrivals {
  const crowds = crowdsOf(customers);
  const cumulative = new Float64Array(crowds.length);
  let sliceEndMs = Number.NEGATIVE_INFINITY;
  const enterSlice = (atMs: number): void => {
    const startMs = Math.floor(atMs / sliceMs) * sliceMs;
    sliceEndMs = startMs + sliceMs;
    let sum = 0;
    for (const [index, crowd] of crowds.entries()) {
      sum += crowd.paymentsPerMs * activity(crowd.habit, startMs + sliceMs / 2, crowd.utcOffsetHours);
      cumulative[index] = sum;
    }
  };
  const total = (): number => cumulative[cumulative.length - 1] ?? 0;
  return {
    next(afterMs) {
      let fromMs = afterMs;
      if (fromMs >= sliceEndMs) enterSlice(fromMs);
      // Without memory: at a slice's end the draw begins anew with the next slice's rate.
      for (;;) {
        const atMs = fromMs + random.exponential(1 / total());
        if (atMs < sliceEndMs) return atMs;
        fromMs = sliceEndMs;
        enterSlice(fromMs);
      }
    },
    who() {
      const point = random.uniform() * total();
      let index = 0;
      while (index < crowds.length - 1 && point >= (cumulative[index] ?? 0)) index += 1;
      const crowd = crowds[index];
      if (crowd === undefined) throw new RangeError("there is nobody to pay");
      return crowd.choose(random.uniform());
    },
  };
}

function crowdsOf(customers: readonly Customer[]): readonly Crowd[] {
  const members = Map.groupBy(customers, (one) => `${one.habit}:${cities[one.home]?.utcOffsetHours ?? 0}`);
  return [...members].map(([key, crowd]) => {
    const [habit, utcOffsetHours] = key.split(":").map(Number);
    const paymentsPerDay = crowd.reduce((sum, one) => sum + one.paymentsPerDay, 0);
    return {
      habit: habitKinds[habit ?? 0] as HabitKind,
      utcOffsetHours: utcOffsetHours ?? 0,
      paymentsPerMs: paymentsPerDay / dayMs,
      choose: weightedChoice(crowd, (one) => one.paymentsPerDay),
    };
  });
}

/** Activity against the kind's own weekly mean, between the hours by a straight line. */
function activity(habit: HabitKind, atMs: number, utcOffsetHours: number): number {
  const localHours = atMs / hourMs + utcOffsetHours - 0.5;
  const hour = Math.floor(localHours);
  const fraction = localHours - hour;
  return (1 - fraction) * activityOfHour(habit, hour) + fraction * activityOfHour(habit, hour + 1);
}

function activityOfHour(habit: HabitKind, hourSinceEpoch: number): number {
  const localMs = hourSinceEpoch * hourMs;
  const curve = isWeekend(localMs) ? habit.weekend : habit.weekday;
  const hour = ((hourSinceEpoch % 24) + 24) % 24;
  return ((curve[hour] ?? 0) / weeklyMean(habit)) * (dayWeights[dayOfWeek(localMs)] ?? 1);
}

function weeklyMean(habit: HabitKind): number {
  const sum = (curve: readonly number[]): number => curve.reduce((total, value) => total + value, 0);
  return (5 * sum(habit.weekday) + 2 * sum(habit.weekend)) / (7 * 24);
}

/** Saturday or Sunday. */
export function isWeekend(localMs: number): boolean {
  return dayOfWeek(localMs) >= 5;
}

/** From 0 for Monday; 1 January 1970 was a Thursday. */
function dayOfWeek(localMs: number): number {
  return (((Math.floor(localMs / dayMs) + 3) % 7) + 7) % 7;
}

/** How awake the continent is, from 0 to 1 at its busiest hour: fraud follows it loosely. */
export function busyShare(atMs: number): number {
  const middleEurope = 1;
  const [worker] = habitKinds;
  if (worker === undefined) return 1;
  const busiest = Math.max(...worker.weekday) / weeklyMean(worker);
  return Math.min(1, activity(worker, atMs, middleEurope) / busiest);
}
