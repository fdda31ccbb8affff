import { createServer } from "node:http";
import { engagement } from "@tollgate/engagement-card-payments";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { createTelemetry } from "@tollgate/telemetry";
import { createApi } from "../src/create-api.ts";
import { createApiKey } from "../src/keys/api-key.ts";
const kind = process.argv[2];
const clock = systemClock();
const { key, entry } = createApiKey({ id: "b", scopes: ["score"], ratePerSecond: 1e9, burst: 1e9 });
const answer = { transactionId: "payment-000001", decision: "approve", score: 0.0123, reasons: [], model: { name: "card-payments", version: 1 }, featureSet: "0123456789abcdef", rung: "model", degraded: [], decidedAt: "2026-03-01T12:00:00.000Z", stageMicros: { recall: 100, compute: 10, predict: 50, decide: 3, record: 200 } } as const;
const body = JSON.stringify(answer);
const eng = kind === "api-noparse" ? { ...engagement, transaction: { ...engagement.transaction, parse: (x: any) => ({ ok: true as const, value: x }) } } : engagement;
const server = kind === "empty"
  ? createServer((q, r) => { q.on("data", () => {}); q.on("end", () => { r.writeHead(200, { "content-type": "application/json", "content-length": body.length }); r.end(body); }); })
  : kind === "bare" ? createServer((q, r) => { r.end("ok"); })
  : createApi({ engagement: eng, scorer: async (rs) => rs.map(() => ({ answer, repeated: false })), decisionReader: { findDecision: async () => null }, labelSink: { append: async () => {} }, keys: [entry], readiness: async () => ({ ready: true, parts: {} }), isDraining: () => false, clock, telemetry: createTelemetry(), logger: silentLogger(), config: { deadlineMs: 100, requestsInFlight: 1000, openPages: true } } as any);
server.listen(0, "127.0.0.1", () => process.stdout.write(JSON.stringify({ port: (server.address() as any).port, key, body: JSON.stringify(engagement.transaction.example(Date.now())) }) + "\n"));
process.on("SIGTERM", () => process.exit(0));
