import { createServer, type RequestListener, type Server } from "node:http";
import type { BaseTransaction } from "@tollgate/contracts";
import type { Engagement } from "@tollgate/engagement";
import type { Clock, Logger, WebhookTargets } from "@tollgate/runtime";
import type { Readiness, Telemetry, Tracing } from "@tollgate/telemetry";
import { dispatchToExpress } from "./dispatch-to-express.ts";
import { answerClientError } from "./http/answer-client-error.ts";
import type { ApiKeyEntry } from "./keys/api-key.ts";
import { createAuthenticator } from "./keys/authenticator.ts";
import { apiLimits } from "./limits.ts";
import type {
  DecisionReader,
  LabelSink,
  ModelChoice,
  Scorer,
  SubmissionReader,
  SubmissionSink,
} from "./ports.ts";
import type { Route } from "./route.ts";
import { decisionRoute } from "./routes/decisions/decision-route.ts";
import { documentRoutes } from "./routes/docs/document-routes.ts";
import { labelsRoute } from "./routes/labels/labels-route.ts";
import { modelsRoute } from "./routes/models/models-route.ts";
import { documentedModel, servedSlot, type OipModels } from "./routes/oip/oip-model.ts";
import { oipRoutes } from "./routes/oip/oip-routes.ts";
import { openApiDocument } from "./routes/openapi/openapi-document.ts";
import type { DocumentedFeature } from "./routes/openapi/openapi-types.ts";
import { operationRoutes } from "./routes/operations/operation-routes.ts";
import { scoreAsyncRoute } from "./routes/score-async/score-async-route.ts";
import { scoreBatchRoute } from "./routes/score-batch/score-batch-route.ts";
import { scoreRoute } from "./routes/score/score-route.ts";
import { serveRoute, type ServeContext } from "./serve-route.ts";

export interface ApiOptions<T extends BaseTransaction> {
  readonly engagement: Pick<Engagement<T>, "name" | "description" | "transaction" | "service">;
  /** What `/openapi.json` says of the vector's columns. */
  readonly features: readonly DocumentedFeature[];
  readonly scorer: Scorer<T>;
  /** The loaded versions: for callers who choose one, and by themselves for the Open Inference Protocol. */
  readonly models: OipModels & ModelChoice;
  readonly decisionReader: DecisionReader;
  readonly submissionSink: SubmissionSink<T>;
  readonly submissions: SubmissionReader;
  readonly labelSink: LabelSink;
  readonly keys: readonly ApiKeyEntry[] | "off";
  readonly readiness: Readiness;
  /** True from the moment the process is being stopped: answers then close their connection. */
  readonly isDraining: () => boolean;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Undefined while tracing is off. */
  readonly tracing?: Tracing | undefined;
  readonly logger: Logger;
  readonly config: {
    readonly deadlineMs: number;
    readonly requestsInFlight: number;
    /** `/metrics`, `/docs` and `/openapi.json` without a key. */
    readonly openPages: boolean;
    /** Where callers may have outcomes sent. */
    readonly webhookTargets: WebhookTargets;
  };
}

/** The HTTP interface, not listening yet: the scoring route first, Express for everything else. */
export function createApi<T extends BaseTransaction>(options: ApiOptions<T>): Server {
  const { clock, telemetry, logger, config } = options;
  const context: ServeContext = {
    authenticate: createAuthenticator(options.keys, clock),
    clock,
    telemetry,
    tracing: options.tracing,
    logger,
    load: { inFlight: 0, limit: config.requestsInFlight },
    isDraining: options.isDraining,
    longRequests: new WeakSet(),
  };
  const score = scoreRoute({
    ...options,
    schema: options.engagement.transaction,
    deadlineMs: config.deadlineMs,
  });
  const serveScore = serveRoute(score, context);
  const others = dispatchToExpress([score, ...otherRoutes(options)], context);
  // Express costs 65 µs a request, ten times what the scoring route itself does: it is asked second.
  const listener: RequestListener = (request, response) => {
    if (request.url === score.path && request.method === score.method) serveScore(request, response);
    else others(request, response);
  };
  const server = createServer(serverOptions, listener);
  server.maxConnections = apiLimits.connections;
  server.timeout = apiLimits.socketIdleMs;
  // Without this Node asks for the body of every `Expect: 100-continue`, before anyone looked at its size.
  server.on("checkContinue", listener);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // A body that is streamed has no time by which it must be whole; `server.timeout` still watches it.
    if (error.code === "ERR_HTTP_REQUEST_TIMEOUT" && context.longRequests.has(socket)) return;
    const code = answerClientError(error, socket);
    if (code !== null) telemetry.metrics.rejected({ reason: code }).add();
  });
  return server;
}

const serverOptions = {
  headersTimeout: apiLimits.headersTimeoutMs,
  requestTimeout: apiLimits.requestTimeoutMs,
  connectionsCheckingInterval: apiLimits.connectionCheckMs,
  keepAliveTimeout: apiLimits.keepAliveTimeoutMs,
  maxHeaderSize: apiLimits.headerBytes,
};

function otherRoutes<T extends BaseTransaction>(options: ApiOptions<T>): readonly Route[] {
  const { engagement, logger, clock, config } = options;
  const document = openApiDocument({
    engagement,
    features: options.features,
    model: documentedModel(servedSlot(options.models).current.model),
    nowMs: clock.nowMs(),
    config,
  });
  return [
    scoreBatchRoute({ ...options, schema: engagement.transaction }),
    scoreAsyncRoute({
      ...options,
      schema: engagement.transaction,
      webhookTargets: config.webhookTargets,
    }),
    labelsRoute({ sink: options.labelSink, clock, logger }),
    decisionRoute({ reader: options.decisionReader, submissions: options.submissions, logger }),
    modelsRoute(options.models),
    ...oipRoutes({ models: options.models, readiness: options.readiness, clock }),
    ...operationRoutes({ ...options, openPages: config.openPages }),
    ...documentRoutes(document, config.openPages),
  ];
}
