import type { GoldenRows, ModelManifest } from "@tollgate/model-registry";
import type { DeviceFailure } from "./accelerated-session.ts";
import type { InferenceErrorCode } from "./errors.ts";
import type { ModelLimits } from "./limits.ts";
import type { Accelerator } from "./open-accelerator.ts";
import type { PreparedFacts } from "./prepare-session.ts";
import type { WorkerMemorySizes } from "./worker-memory.ts";

/** What a scoring worker is started with. */
export interface WorkerStart {
  readonly manifest: ModelManifest;
  readonly golden: GoldenRows;
  /** Shared, so that a worker that takes a dead one's place needs no copy. */
  readonly modelBytes: Uint8Array<SharedArrayBuffer>;
  readonly accelerator: Accelerator;
  readonly limits: ModelLimits;
  readonly shared: SharedArrayBuffer;
  readonly sizes: WorkerMemorySizes;
}

/** What a scoring worker says. Batches and their scores go through the shared memory instead. */
export type WorkerMessage =
  | { readonly type: "ready"; readonly facts: PreparedFacts }
  | { readonly type: "refused"; readonly code: InferenceErrorCode; readonly detail: string }
  | { readonly type: "device-failed"; readonly failure: DeviceFailure };
