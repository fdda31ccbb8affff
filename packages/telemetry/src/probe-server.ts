import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Lifecycle, Logger } from "@tollgate/runtime";
import type { Telemetry } from "./create-telemetry.ts";
import { exposition } from "./exposition.ts";
import { telemetryLimits } from "./limits.ts";
import { createReadiness, type Readiness, type ReadinessPart } from "./readiness.ts";

export interface ProbeServerOptions {
  /** Loopback or an internal network: nobody is asked who they are. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly telemetry: Telemetry;
  /** What `/readyz` asks. */
  readonly ready: readonly ReadinessPart[];
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/**
 * `/livez`, `/readyz` and `/metrics` for a process without an HTTP interface of its own. Start it first: then
 * it is stopped last, and says "not ready" while the rest drains.
 * @returns the port it listens on. @throws when the port is taken.
 */
export async function startProbeServer(options: ProbeServerOptions): Promise<{ readonly port: number }> {
  const { host, port, lifecycle, logger } = options;
  const readiness = createReadiness({
    parts: options.ready,
    isDraining: () => lifecycle.stopping,
    logger,
  });
  const server = createServer((request, response) => {
    answer(request, response, { telemetry: options.telemetry, readiness }).catch((error: unknown) => {
      logger.error("probe-failed", { message: String(error) });
      response.destroy();
    });
  });
  server.requestTimeout = telemetryLimits.probeRequestTimeoutMs;
  server.maxConnections = telemetryLimits.probeConnections;
  await listen(server, host, port);
  lifecycle.onStop("probe server", async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  const address = server.address() as AddressInfo;
  logger.info("probes", { host, port: address.port });
  return { port: address.port };
}

interface Answers {
  readonly telemetry: Telemetry;
  readonly readiness: Readiness;
}

async function answer(request: IncomingMessage, response: ServerResponse, answers: Answers): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  switch (request.url) {
    case "/livez":
      response.writeHead(200, { "content-type": "application/json" }).end('{"live":true}');
      return;
    case "/readyz": {
      const report = await answers.readiness();
      const headers = { "content-type": "application/json" };
      response.writeHead(report.ready ? 200 : 503, headers).end(JSON.stringify(report));
      return;
    }
    case "/metrics": {
      const { text, contentType } = await exposition(answers.telemetry, request.headers.accept);
      response.writeHead(200, { "content-type": contentType }).end(text);
      return;
    }
    case undefined:
    default:
      response.writeHead(404).end();
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
