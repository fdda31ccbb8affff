import type { Gauge, Telemetry } from "@tollgate/telemetry";
import type { ModelWatchObserver } from "./model-watch.ts";
import type { PipelineModel } from "./serving-model.ts";

/** Shows which version serves. */
export function meteredModel(telemetry: Telemetry): (model: PipelineModel) => void {
  let before: Gauge | undefined;
  return ({ reference }) => {
    const { name: model, version, digest } = reference;
    before?.set(0);
    before = telemetry.metrics.modelInfo({ model, version: String(version), digest });
    before.set(1);
  };
}

/** The watch's observer on the metrics catalogue. */
export function meteredModelWatch(telemetry: Telemetry): ModelWatchObserver {
  const { metrics } = telemetry;
  return {
    loaded({ loadMs }) {
      metrics.modelLoads({ result: "loaded" }).add();
      metrics.modelLoadDuration().observe(loadMs / 1000);
    },
    refused: () => metrics.modelLoads({ result: "refused" }).add(),
    unreadable: () => metrics.modelLoads({ result: "unreadable" }).add(),
  };
}
