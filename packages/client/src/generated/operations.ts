// Made from the API's description by `npm run client-types`; a test holds it to it.
import type {
  BatchResults,
  Decision,
  InferenceModel,
  InferenceModels,
  InferenceReadiness,
  InferenceRequest,
  InferenceResponse,
  InferenceServer,
  InferenceStatistics,
  Label,
  LabelsAccepted,
  LoadedModels,
  RepositoryIndex,
  Submission,
  Transaction,
} from "./api-types.ts";

/** Where each operation is. */
export const operations = {
  score: { method: "POST", path: "/v1/score" },
  scoreBatch: { method: "POST", path: "/v1/score/batch" },
  scoreAsync: { method: "POST", path: "/v1/score/async" },
  addLabels: { method: "POST", path: "/v1/labels" },
  findDecision: { method: "GET", path: "/v1/decisions/{transactionId}" },
  listModels: { method: "GET", path: "/v1/models" },
  inferenceServer: { method: "GET", path: "/v2" },
  inferenceServerLive: { method: "GET", path: "/v2/health/live" },
  inferenceServerReady: { method: "GET", path: "/v2/health/ready" },
  inferenceModels: { method: "GET", path: "/v2/models" },
  inferenceStatistics: { method: "GET", path: "/v2/models/stats" },
  repositoryIndex: { method: "POST", path: "/v2/repository/index" },
  modelMetadata: { method: "GET", path: "/v2/models/{model}" },
  modelReady: { method: "GET", path: "/v2/models/{model}/ready" },
  modelStatistics: { method: "GET", path: "/v2/models/{model}/stats" },
  infer: { method: "POST", path: "/v2/models/{model}/infer" },
  modelMetadataOfVersion: { method: "GET", path: "/v2/models/{model}/versions/{version}" },
  modelReadyOfVersion: { method: "GET", path: "/v2/models/{model}/versions/{version}/ready" },
  modelStatisticsOfVersion: { method: "GET", path: "/v2/models/{model}/versions/{version}/stats" },
  inferOfVersion: { method: "POST", path: "/v2/models/{model}/versions/{version}/infer" },
} as const;

export type OperationName = keyof typeof operations;

/** What each operation takes and, by status, answers. */
export interface Operations {
  /** Score one transaction. */
  readonly score: {
    readonly body: Transaction;
    readonly answers: { readonly 200: Decision };
  };
  /** Score many transactions. */
  readonly scoreBatch: {
    readonly body:
      | readonly Transaction[]
      | {
          readonly transactions: readonly Transaction[];
        };
    readonly answers: { readonly 200: BatchResults };
  };
  /** Hand in a transaction to be decided later. */
  readonly scoreAsync: {
    readonly body: Transaction;
    readonly answers: { readonly 202: Submission };
  };
  /** Report what a transaction really was. */
  readonly addLabels: {
    readonly body: Label | readonly Label[];
    readonly answers: { readonly 202: LabelsAccepted };
  };
  /** Look a decision up. */
  readonly findDecision: {
    readonly answers: { readonly 200: Decision; readonly 202: Submission };
  };
  /** List the loaded models. */
  readonly listModels: {
    readonly answers: { readonly 200: LoadedModels };
  };
  /** Server metadata. */
  readonly inferenceServer: {
    readonly answers: { readonly 200: InferenceServer };
  };
  /** Is the server alive. */
  readonly inferenceServerLive: {
    readonly answers: { readonly 200: Readonly<Record<string, unknown>> };
  };
  /** Should the server be asked. */
  readonly inferenceServerReady: {
    readonly answers: { readonly 200: Readonly<Record<string, unknown>> };
  };
  /** Names of the models. */
  readonly inferenceModels: {
    readonly answers: { readonly 200: InferenceModels };
  };
  /** Statistics of all models. */
  readonly inferenceStatistics: {
    readonly answers: { readonly 200: InferenceStatistics };
  };
  /** Versions that are loaded. */
  readonly repositoryIndex: {
    readonly answers: { readonly 200: RepositoryIndex };
  };
  /** What the model takes and gives. */
  readonly modelMetadata: {
    readonly answers: { readonly 200: InferenceModel };
  };
  /** Can the model be asked. */
  readonly modelReady: {
    readonly answers: { readonly 200: InferenceReadiness };
  };
  /** Statistics of the model. */
  readonly modelStatistics: {
    readonly answers: { readonly 200: InferenceStatistics };
  };
  /** Run the model by itself. */
  readonly infer: {
    readonly body: InferenceRequest;
    readonly answers: { readonly 200: InferenceResponse };
  };
  /** What the model takes and gives. */
  readonly modelMetadataOfVersion: {
    readonly answers: { readonly 200: InferenceModel };
  };
  /** Can the model be asked. */
  readonly modelReadyOfVersion: {
    readonly answers: { readonly 200: InferenceReadiness };
  };
  /** Statistics of the model. */
  readonly modelStatisticsOfVersion: {
    readonly answers: { readonly 200: InferenceStatistics };
  };
  /** Run the model by itself. */
  readonly inferOfVersion: {
    readonly body: InferenceRequest;
    readonly answers: { readonly 200: InferenceResponse };
  };
}
