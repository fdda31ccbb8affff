import { CircuitState as State, circuitBreaker, ConsecutiveBreaker, handleWhen } from "cockatiel";
import { within } from "@tollgate/runtime";
import { storeLimits } from "./limits.ts";
import type { CircuitState, StoreObserver } from "./store-observer.ts";

/** Replies that say "this server cannot serve now", not "this command is wrong". */
const outageReplies =
  /^(?:LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|OOM|BUSY|MISCONF|NOREPLICAS|WRONGPASS|NOAUTH)\b/u;

/** Keeps a store that is away from costing every call its timeout. */
export interface Circuit {
  /** @throws at once while the circuit is open; after `commandTimeoutMs` when the work takes longer. */
  run<R>(work: () => Promise<R>): Promise<R>;
}

export function createCircuit(observer: StoreObserver): Circuit {
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: storeLimits.halfOpenAfterMs,
    breaker: new ConsecutiveBreaker(storeLimits.failuresToOpen),
  });
  breaker.onStateChange((state) => observer.circuitChanged(nameOf(state)));
  return {
    async run(work) {
      // The library lets the others wait for the call that tries; here they go on without Redis.
      if (breaker.state === State.HalfOpen) throw new Error("Redis is being tried after failures");
      return breaker.execute(() => within(work(), storeLimits.commandTimeoutMs, "a trip to Redis"));
    },
  };
}

function isOutage(error: unknown): boolean {
  return !(error instanceof Error) || error.name !== "ReplyError" || outageReplies.test(error.message);
}

function nameOf(state: State): CircuitState {
  switch (state) {
    case State.Closed:
      return "closed";
    case State.HalfOpen:
      return "half-open";
    case State.Open:
    case State.Isolated:
      return "open";
    default:
      throw new Error(`unknown state of the circuit: ${String(state satisfies never)}`);
  }
}
