import type { BaseTransaction, DecisionRecord } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import { median } from "@tollgate/runtime";
import { openBatch } from "../../src/batch.ts";
import { noteStep, noteWork, openRecordSteps } from "../../src/trace-steps.ts";
import type { Call } from "./open-sides.ts";

const callsPerTry = 50_000;
const tries = 15;

/** Time and memory that the way's tracing hooks take for one transaction while tracing is off. */
export function hooksWhenOff(
  compiled: CompiledEngagement<BaseTransaction>,
  call: Call,
): { readonly nanos: number; readonly bytes: number } {
  const { rows } = openBatch({ engagement: compiled, readsSequence: () => false }, [call]);
  const work = Promise.resolve();
  const records: readonly DecisionRecord[] = [];
  const hooks = (): void => {
    noteStep(rows, "recall", 1, 2);
    noteStep(rows, "compute", 2, 3);
    void noteWork(noPlan, rows, "remember", work);
    noteStep(rows, "predict", 3, 4);
    noteStep(rows, "decide", 4, 5);
    openRecordSteps(rows, records, 5);
  };
  const nanos: number[] = [];
  const bytes: number[] = [];
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const heapBefore = process.memoryUsage().heapUsed;
    const start = process.hrtime.bigint();
    for (let made = 0; made < callsPerTry; made += 1) hooks();
    nanos.push(Number(process.hrtime.bigint() - start) / callsPerTry);
    bytes.push(Math.max(0, process.memoryUsage().heapUsed - heapBefore) / callsPerTry);
  }
  return { nanos: median(nanos), bytes: median(bytes) };
}

/** Off, no hook looks at it. */
const noPlan = {} as Parameters<typeof noteWork>[0];
