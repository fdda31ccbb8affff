import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityState, FeatureSet } from "../src/index.ts";
import { paymentStream } from "./payment-stream.ts";

const calls = 5_000;
const rounds = 5;
/** Between two events of the card: a few lie in the shortest window. */
const spacingMs = 20_000;

/**
 * Heap bytes that one vector and the card's update take, after so many events of that card: with a state of a
 * fixed size they must not grow with its history.
 * @returns bytes a call, the median of some rounds, for each of the histories.
 */
export function allocatedBytes(
  featureSet: FeatureSet<BaseTransaction>,
  histories: readonly number[],
): readonly number[] {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const [template] = paymentStream(1);
  const [card, ...streamed] = featureSet.entities;
  if (template === undefined || card === undefined) throw new Error("there is no payment to measure");
  const payment = (number: number): BaseTransaction => ({
    ...template,
    id: `allocated-${number}`,
    occurredAtMs: template.occurredAtMs + number * spacingMs,
  });
  const states: EntityState[] = [card.empty(), ...streamed.map((entity) => entity.empty())];
  const [cardState] = states;
  const vector = new Float32Array(featureSet.size);
  let done = 0;
  const measure = (): number => {
    const payments = Array.from({ length: calls }, (_, position) => payment(done + position));
    done += calls;
    collect();
    const before = process.memoryUsage().heapUsed;
    for (const transaction of payments) {
      featureSet.compute(transaction, states, vector, 0);
      if (cardState !== undefined) card.apply(cardState, transaction);
    }
    return (process.memoryUsage().heapUsed - before) / calls;
  };
  return histories.map((history) => {
    for (; done < history; done += 1) if (cardState !== undefined) card.apply(cardState, payment(done));
    const measured = Array.from({ length: rounds }, measure).toSorted((left, right) => left - right);
    return measured[Math.floor(rounds / 2)] ?? Number.NaN;
  });
}
