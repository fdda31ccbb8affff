/** Peer: Fastify with its schemas (compiled validation and serialisation), one run of the model a request. */
import { fastify } from "fastify";
import { Redis } from "ioredis";
import { peerConfig } from "./config.ts";
import { keysOf, openSession, scoreOne, type PeerTransaction } from "./work.ts";

const config = peerConfig();
const session = await openSession(config.modelPath);
const redis = new Redis({ ...hostOf(config.redisUrl), enableAutoPipelining: true });
const text = { type: "string" } as const;
const number = { type: "number" } as const;
const texts = ["id", "occurredAt", "currency", "cardId", "merchantId", "merchantCategoryCode"];
const required = [...texts, "terminalId", "channel", "entryMode", "country", "amountMinor"];
const body = {
  type: "object",
  required,
  properties: {
    ...Object.fromEntries(required.map((name) => [name, text])),
    amountMinor: { type: "integer" },
    latitude: number,
    longitude: number,
  },
} as const;
const model = { type: "object", properties: { name: text, version: number } } as const;
const answer = {
  type: "object",
  properties: { transactionId: text, score: number, decision: text, model },
} as const;

const app = fastify();
app.post<{ Body: PeerTransaction }>("/score", { schema: { body, response: { 200: answer } } }, (request) =>
  redis
    .mgetBuffer(...keysOf(request.body))
    .then(([card = null, merchant = null]) => scoreOne(session, request.body, [card, merchant])),
);
await app.listen({ port: config.port, host: "127.0.0.1" });

function hostOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
