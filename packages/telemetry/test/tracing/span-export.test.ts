import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createLifecycle, silentLogger, systemClock, type Logger } from "@tollgate/runtime";
import { expect, onTestFinished, test } from "vitest";
import { openTracing, type Tracing } from "../../src/index.ts";

const clock = systemClock();
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** Stands in for a collector, which cannot be had everywhere: takes OTLP's JSON over HTTP. */
async function startReceiver(status: number): Promise<{ readonly url: string; readonly bodies: unknown[] }> {
  const bodies: unknown[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1/traces`, bodies };
}

async function open(url: string | undefined, logger: Logger = silentLogger()) {
  const lifecycle = createLifecycle();
  const config = { url, sampleRate: 0, slowMs: 60_000 };
  const tracing = await openTracing({ service: "test", config, clock, logger, lifecycle });
  return { tracing, stop: () => lifecycle.stop() };
}

function traceOne(tracing: Tracing | undefined): void {
  const startMicros = clock.monotonicMicros();
  const trace = tracing?.begin({ headers: { traceparent, tracestate: "a=b" }, kind: "server", startMicros });
  trace?.step("recall", { startMicros, endMicros: startMicros + 1_500 }, { "tollgate.transactions": 1 });
  trace?.failed("REJECTED");
  trace?.end(startMicros + 2_000, { "http.response.status_code": 503 });
}

test("without a receiver's URL there is no tracing at all", async () => {
  expect((await open(undefined)).tracing).toBeUndefined();
});

test("what is kept is sent as OTLP, at the latest when the process stops", async () => {
  const { url, bodies } = await startReceiver(200);
  const beforeNs = BigInt(clock.nowMs() - 60_000) * 1_000_000n;
  const { tracing, stop } = await open(url);
  traceOne(tracing);
  expect(await stop()).toEqual([]);
  expect(bodies).toMatchObject([
    {
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "test" } }, {}] },
          scopeSpans: [
            {
              scope: { name: "tollgate" },
              spans: [
                {
                  name: "in",
                  kind: 2,
                  traceId: traceparent.slice(3, 35),
                  parentSpanId: traceparent.slice(36, 52),
                  traceState: "a=b",
                  status: { code: 2, message: "REJECTED" },
                },
                { name: "recall", kind: 3, status: { code: 0 } },
              ],
            },
          ],
        },
      ],
    },
  ]);
  const [first, second] = spansOf(bodies);
  expect(second?.parentSpanId).toBe(first?.spanId);
  const startNs = BigInt(first?.startTimeUnixNano ?? 0);
  expect(startNs).toBeGreaterThan(beforeNs);
  expect(BigInt(first?.endTimeUnixNano ?? 0) - startNs).toBeGreaterThanOrEqual(1_999_000n);
});

test("a receiver that refuses costs the spans, is said once, and holds nothing up", async () => {
  const { url } = await startReceiver(400);
  const said: unknown[] = [];
  const logger = { ...silentLogger(), warn: (event: string, _fields?: object) => void said.push(event) };
  const { tracing, stop } = await open(url, logger);
  traceOne(tracing);
  await stop();
  expect(said).toEqual(["spans-not-exported"]);
});

interface WireSpan {
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

function spansOf(bodies: readonly unknown[]): readonly WireSpan[] {
  const requests = bodies as readonly {
    readonly resourceSpans: readonly {
      readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
    }[];
  }[];
  return requests.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}
