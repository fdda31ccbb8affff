import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import { memoryFeatureStore } from "@tollgate/feature-store";
import { createAcceleratorMemory, type InferenceObserver } from "@tollgate/inference";
import { openModelRegistry } from "@tollgate/model-registry";
import { createLifecycle, silentLogger, systemClock, type Lifecycle } from "@tollgate/runtime";
import { createTelemetry, openTracing, type OpenedTracing, type Trace } from "@tollgate/telemetry";
import {
  loadEngagement,
  scoreTransactions,
  silentObserver,
  type ScoreRequest,
  type ScoringPlan,
} from "../../src/index.ts";
import { meteredInference, meteredScoring } from "../../src/metered-scoring.ts";
import type { ScoringObserver } from "../../src/scoring-plan.ts";
import { openServingModel } from "../../src/serving-model.ts";
import { startReceiver } from "./start-receiver.ts";

type SideName = "control" | "controlAgain" | "silent" | "metrics" | "onePercent" | "all";
export type Call = ScoreRequest<BaseTransaction>;

/** One way of watching. */
export interface Side {
  readonly score: (call: Call) => Promise<void>;
  /** Sends what waits, so that the next side does not pay for it. */
  readonly flush: () => Promise<void>;
}

export interface Sides extends AsyncDisposable {
  readonly byName: Readonly<Record<SideName, Side>>;
  readonly compiled: CompiledEngagement<BaseTransaction>;
  simulate(): Iterable<{ readonly transaction: BaseTransaction }>;
}

const clock = systemClock();
const simulation = { seed: 3, startMs: Date.UTC(2026, 0, 5), customers: 2_000, idPrefix: "bench-" };

/** Six plans, each with its own store and model, so that nothing is shared but the machine. */
export async function openSides(): Promise<Sides> {
  const lifecycle = createLifecycle();
  const { compiled, modelsFolder } = await loadEngagement("@tollgate/engagement-card-payments");
  const receiver = await startReceiver();
  lifecycle.onStop("receiver", () => receiver.stop());
  const open = (watch: Watch): Promise<Side> => openSide(compiled, modelsFolder, watch);
  const traced = (sampleRate: number): Promise<OpenedTracing | undefined> =>
    openTraces(receiver.url, sampleRate, lifecycle);
  return {
    byName: {
      control: await open(silentWatch),
      controlAgain: await open(silentWatch),
      silent: await open(silentWatch),
      metrics: await open(meteredWatch(undefined)),
      onePercent: await open(meteredWatch(await traced(0.01))),
      all: await open(meteredWatch(await traced(1))),
    },
    compiled,
    simulate: () => compiled.engagement.simulate(simulation),
    async [Symbol.asyncDispose]() {
      await lifecycle.stop();
    },
  };
}

/** Only the rate chooses: nothing here is slow by the wall's clock alone. */
function openTraces(
  url: string,
  sampleRate: number,
  lifecycle: Lifecycle,
): Promise<OpenedTracing | undefined> {
  const config = { url, sampleRate, slowMs: 60_000 };
  return openTracing({ service: "bench", config, clock, logger: silentLogger(), lifecycle });
}

/** Who is told of a call, and what the HTTP route counts beside it. */
interface Watch {
  readonly observer: ScoringObserver;
  readonly inference: InferenceObserver;
  readonly answered: (seconds: number, trace: Trace | undefined) => void;
  readonly tracing: OpenedTracing | undefined;
}

const silentWatch: Watch = {
  observer: silentObserver,
  inference: {},
  answered: () => {},
  tracing: undefined,
};

/** Counts as `serve-route.ts` and `score-route.ts` of the scoring API do for each request. */
function meteredWatch(tracing: OpenedTracing | undefined): Watch {
  const telemetry = createTelemetry({ processMetrics: false });
  const { metrics } = telemetry;
  const duration = metrics.scoreDuration({ source: "http" });
  const requestDuration = metrics.httpRequestDuration({ route: "/v1/score" });
  return {
    observer: meteredScoring(telemetry),
    inference: meteredInference(telemetry),
    answered(seconds, trace) {
      duration.observe(seconds, trace?.keptId);
      metrics.httpRequests({ route: "/v1/score", status: String(200) }).add();
      requestDuration.observe(seconds, trace?.keptId);
    },
    tracing,
  };
}

async function openSide(
  compiled: CompiledEngagement<BaseTransaction>,
  modelsFolder: string,
  watch: Watch,
): Promise<Side> {
  const plan = await openPlan(compiled, modelsFolder, watch);
  const { tracing, answered } = watch;
  return {
    async score(call) {
      const startMicros = clock.monotonicMicros();
      const trace = tracing?.begin({ headers: {}, kind: "server", startMicros });
      await scoreTransactions(plan, [trace === undefined ? call : { ...call, trace }]);
      const endMicros = clock.monotonicMicros();
      trace?.end(endMicros);
      answered((endMicros - startMicros) / 1_000_000, trace);
    },
    flush: async () => tracing?.flush(),
  };
}

async function openPlan(
  compiled: CompiledEngagement<BaseTransaction>,
  modelsFolder: string,
  { inference, observer }: Watch,
): Promise<ScoringPlan<BaseTransaction>> {
  const nothing = (): void => {};
  const model = await openServingModel({
    registry: openModelRegistry(modelsFolder),
    reference: "card-payments@champion",
    beside: [],
    featureSet: compiled.featureSet,
    load: { placement: "in-thread", accelerator: "cpu", acceleratorMemory: createAcceleratorMemory(0) },
    clock,
    logger: silentLogger(),
    inferenceObserver: inference,
    watchObserver: { loaded: nothing, refused: nothing, unreadable: nothing },
    versionsObserver: { counted: nothing, opened: nothing, deviceFailed: nothing },
    served: nothing,
  });
  return {
    engagement: compiled,
    store: memoryFeatureStore(),
    predictor: model.predictor,
    readsSequence: model.readsSequence,
    sink: {
      append: async (records) => {
        for (const record of records) JSON.stringify(record);
        return "log";
      },
    },
    firstDecisions: { keep: nothing },
    logIndex: { catchUp: async () => {}, pause: async () => {} },
    clock,
    observer,
  };
}
