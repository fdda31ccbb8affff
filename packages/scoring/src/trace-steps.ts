import type { BaseTransaction, DecisionRecord } from "@tollgate/contracts";
import type { OpenStep, Trace, TraceHeaders } from "@tollgate/telemetry";
import type { Row } from "./batch.ts";
import type { ScoringPlan } from "./scoring-plan.ts";

type SharedStep = "recall" | "compute" | "predict" | "decide" | "remember";

/**
 * Notes a step in the trace of everyone who shared it, once each. Where nobody is traced nothing is made, not
 * even an object for the two times.
 */
export function noteStep<T extends BaseTransaction>(
  rows: readonly Row<T>[],
  name: SharedStep,
  startMicros: number,
  endMicros: number,
): void {
  let last: Trace | undefined;
  // By position: an iterator would be an object until the compiler has seen through it.
  for (let position = 0; position < rows.length; position += 1) {
    const trace = rows[position]?.request.trace;
    if (trace === undefined || trace === last) continue;
    last = trace;
    last.step(name, { startMicros, endMicros }, { "tollgate.transactions": rows.length });
  }
}

/** The same for work that has just been started; without a trace it is the work itself. */
export function noteWork<T extends BaseTransaction, R>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  name: SharedStep,
  work: Promise<R>,
): Promise<R> {
  return isTraced(rows) ? noteWhenDone(plan, rows, name, work) : work;
}

async function noteWhenDone<T extends BaseTransaction, R>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  name: SharedStep,
  work: Promise<R>,
): Promise<R> {
  const startMicros = plan.clock.monotonicMicros();
  const result = await work;
  noteStep(rows, name, startMicros, plan.clock.monotonicMicros());
  return result;
}

function isTraced<T extends BaseTransaction>(rows: readonly Row<T>[]): boolean {
  for (let position = 0; position < rows.length; position += 1) {
    if (rows[position]?.request.trace !== undefined) return true;
  }
  return false;
}

/** The step `record`, from which the ledger's `archive` goes on. */
export interface RecordSteps {
  /** For each record what its Kafka headers say. */
  readonly headers: readonly (TraceHeaders | undefined)[];
  end(endMicros: number, destination: "log" | "outbox" | "none"): void;
}

/** Undefined where nobody is traced. A declined transaction's trace is kept from here on. */
export function openRecordSteps<T extends BaseTransaction>(
  rows: readonly Row<T>[],
  records: readonly DecisionRecord[],
  startMicros: number,
): RecordSteps | undefined {
  // Closures capture their surroundings at once: a function of their own, entered only when it is needed.
  return isTraced(rows) ? openTracedSteps(rows, records, startMicros) : undefined;
}

function openTracedSteps<T extends BaseTransaction>(
  rows: readonly Row<T>[],
  records: readonly DecisionRecord[],
  startMicros: number,
): RecordSteps {
  const steps = new Map<Trace, OpenStep>();
  for (const [position, { request }] of rows.entries()) {
    const record = records[position];
    if (record !== undefined) request.trace?.decided(record);
  }
  const headers = rows.map(({ request: { trace } }) => {
    if (trace === undefined) return undefined;
    const step = steps.get(trace) ?? trace.open("record", startMicros);
    steps.set(trace, step);
    return step.headers;
  });
  return {
    headers,
    end(endMicros, destination) {
      const attributes = { "tollgate.transactions": rows.length, "tollgate.destination": destination };
      for (const step of steps.values()) step.end(endMicros, attributes);
    },
  };
}
