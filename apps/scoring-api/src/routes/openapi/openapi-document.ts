import type { BaseTransaction } from "@tollgate/contracts";
import {
  asyncOperation,
  batchOperation,
  decisionOperation,
  labelsOperation,
  modelsOperation,
  scoreOperation,
} from "./business-operations.ts";
import type { OpenApiDocument, OpenApiOptions } from "./openapi-types.ts";
import { oipPaths } from "./oip-paths.ts";
import { oipSchemas } from "./oip-schemas.ts";
import { operationPaths } from "./operation-paths.ts";
import { featureNameSchema, platformSchemas } from "./schemas.ts";

const apiVersion = "1.0.0";

/** The API's description, made from the engagement's schema and features, the error table and the limits. */
export function openApiDocument<T extends BaseTransaction>(options: OpenApiOptions<T>): OpenApiDocument {
  const { engagement } = options;
  const { $schema: _dialect, ...transaction } = engagement.transaction.jsonSchema;
  return {
    openapi: "3.1.0",
    info: {
      title: `Tollgate: ${engagement.name}`,
      version: apiVersion,
      description:
        `${engagement.description} Every transaction gets approve, review or decline, with its reasons, ` +
        `within ${engagement.service.scoringLatencyP99Ms} ms (99th percentile). Ids make every request ` +
        "safe to repeat: a transaction or label sent twice counts once.",
    },
    security: [{ bearerKey: [] }, { headerKey: [] }],
    tags: [
      { name: "Scoring", description: "Transactions in, decisions out." },
      { name: "Labels", description: "The truth, when it becomes known." },
      {
        name: "Inference",
        description: "The Open Inference Protocol v2: the model by itself. No fraud decision, not recorded.",
      },
      { name: "Operations", description: "For orchestrators, Prometheus and people." },
    ],
    paths: {
      "/v1/score": { post: scoreOperation(options) },
      "/v1/score/batch": { post: batchOperation(options) },
      "/v1/score/async": { post: asyncOperation(options) },
      "/v1/labels": { post: labelsOperation(options) },
      "/v1/decisions/{transactionId}": { get: decisionOperation() },
      "/v1/models": { get: modelsOperation() },
      ...oipPaths(options.model),
      ...operationPaths(options.config.openPages),
    },
    components: {
      schemas: {
        Transaction: transaction,
        FeatureName: featureNameSchema(options.features),
        ...platformSchemas,
        ...oipSchemas,
      },
      securitySchemes: {
        bearerKey: { type: "http", scheme: "bearer", description: "`Authorization: Bearer <key>`" },
        headerKey: { type: "apiKey", in: "header", name: "X-Api-Key", description: "`X-Api-Key: <key>`" },
      },
    },
  };
}
