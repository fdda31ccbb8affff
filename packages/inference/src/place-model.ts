import type { PlacementLimits } from "./limits.ts";
import { assertInputSize, openSession, type Session } from "./open-session.ts";
import { openWorker } from "./open-worker.ts";
import { prepareSession, type PreparedFacts, type PrepareOptions } from "./prepare-session.ts";
import type { Placement, ScoringModel } from "./scoring-model.ts";
import { superviseWorker, type WorkerDeath } from "./supervise-worker.ts";
import { checkGoldenRows, warmUpSession } from "./verify-session.ts";

/** The part of a model that depends on where it runs. */
export interface PlacedModel {
  readonly facts: PreparedFacts;
  readonly placement: Placement;
  readonly runsAtOnce: number;
  readonly score: ScoringModel["score"];
  readonly close: () => Promise<void>;
}

export interface PlaceContext extends PrepareOptions {
  readonly placement: Placement | "auto";
  readonly placementLimits: PlacementLimits;
  readonly workerDied: (death: WorkerDeath) => void;
}

/** Loads the model where it belongs. Throws what {@link prepareSession} throws; nothing is left open then. */
export async function placeModel(context: PlaceContext): Promise<PlacedModel> {
  switch (context.placement) {
    case "in-thread":
      return placeInThread(context);
    case "worker":
      return placeInWorker(context);
    case "auto": {
      const inWorker = await placeInWorker(context);
      if (!belongsInThread(inWorker.facts, context.placementLimits)) return inWorker;
      try {
        return await bringInThread(context, inWorker.facts);
      } finally {
        await inWorker.close();
      }
    }
  }
}

async function placeInThread(context: PlaceContext): Promise<PlacedModel> {
  const { session, ...facts } = await prepareSession(context);
  return placedHere(session, facts);
}

async function placeInWorker(context: PlaceContext): Promise<PlacedModel> {
  const modelBytes = new Uint8Array(new SharedArrayBuffer(context.modelBytes.byteLength));
  modelBytes.set(context.modelBytes);
  const { manifest, golden, accelerator, limits, placementLimits: bounds, deviceFailed } = context;
  const start = async (): ReturnType<typeof openWorker> =>
    openWorker({
      manifest,
      golden,
      modelBytes,
      accelerator,
      modelLimits: limits,
      limits: bounds,
      deviceFailed,
    });
  const first = await start();
  const worker = superviseWorker(first, {
    start,
    limits: bounds,
    clock: context.clock,
    died: context.workerDied,
  });
  const size = manifest.input.size;
  return {
    facts: first.facts,
    placement: "worker",
    runsAtOnce: bounds.workerSlots,
    close: async () => worker.close(),
    score: async (vectors, rows) => scoreInSlots(worker, { vectors, rows, size, slotRows: bounds.batchRows }),
  };
}

/** More rows than a slot holds go through several, one after the other. */
async function scoreInSlots(
  worker: { readonly score: ScoringModel["score"] },
  call: {
    readonly vectors: Float32Array;
    readonly rows: number;
    readonly size: number;
    readonly slotRows: number;
  },
): Promise<Float32Array> {
  const { vectors, rows, size, slotRows } = call;
  assertInputSize(vectors, rows, size);
  if (rows <= slotRows) return worker.score(vectors, rows);
  const scores = new Float32Array(rows);
  for (let from = 0; from < rows; from += slotRows) {
    const count = Math.min(slotRows, rows - from);
    scores.set(await worker.score(vectors.subarray(from * size, (from + count) * size), count), from);
  }
  return scores;
}

/** A model with a device stays in the worker: the device's runs hold a thread as long as they last. */
function belongsInThread(facts: PreparedFacts, limits: PlacementLimits): boolean {
  const fullBatchMicros = facts.cost.fixedMicros + facts.cost.perRowMicros * limits.batchRows;
  return (
    facts.accelerator.breakEvenRows === undefined &&
    fullBatchMicros <= limits.inThreadBatchMicros &&
    facts.openMs <= limits.inThreadOpenMs
  );
}

/** Opens here what a worker has verified: the thread is held for the opening, and for a batch at a time. */
async function bringInThread(context: PlaceContext, facts: PreparedFacts): Promise<PlacedModel> {
  const { manifest, golden, limits } = context;
  const session = await openSession(context.modelBytes, manifest);
  try {
    await checkGoldenRows(session, golden, { manifest, limits });
    await warmUpSession(session, golden, limits);
  } catch (error) {
    await session.close();
    throw error;
  }
  return placedHere(session, facts);
}

function placedHere(session: Session, facts: PreparedFacts): PlacedModel {
  return {
    facts,
    placement: "in-thread",
    runsAtOnce: 1,
    score: async (vectors, rows) => session.score(vectors, rows),
    close: async () => session.close(),
  };
}
