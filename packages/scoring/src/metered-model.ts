import type { Gauge, Telemetry } from "@tollgate/telemetry";
import type { ModelVersionsObserver } from "./model-versions.ts";
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

/** The loaded versions' observer on the metrics catalogue. */
export function meteredVersions(telemetry: Telemetry): ModelVersionsObserver {
  const { metrics } = telemetry;
  const loaded = metrics.modelVersionsLoaded();
  const breakEven = (of: { readonly name: string; readonly version: number }): Gauge =>
    metrics.acceleratorBreakEvenRows({ model: of.name, version: String(of.version) });
  return {
    counted: (versions) => loaded.set(versions),
    opened: ({ reference, accelerator }) => breakEven(reference).set(accelerator.breakEvenRows ?? 0),
    deviceFailed(version) {
      metrics.acceleratorFailures().add();
      breakEven(version).set(0);
    },
  };
}
