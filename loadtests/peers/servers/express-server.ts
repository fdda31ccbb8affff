/** Peer: Express with one run of the model a request. */
import express from "express";
import { Redis } from "ioredis";
import { peerConfig } from "./config.ts";
import { isTransaction, keysOf, openSession, scoreOne } from "./work.ts";

const config = peerConfig();
const session = await openSession(config.modelPath);
const redis = new Redis(config.redisUrl);
const app = express();
app.disable("x-powered-by");
app.use(express.json());
app.post("/score", (request, response) => {
  const body: unknown = request.body;
  if (!isTransaction(body)) {
    response.status(400).json({ error: "not a transaction" });
    return undefined;
  }
  // Express 5 hands a rejection on to its error handler.
  return redis
    .mgetBuffer(...keysOf(body))
    .then(([card = null, merchant = null]) => scoreOne(session, body, [card, merchant]))
    .then((answer) => response.json(answer));
});
app.listen(config.port, "127.0.0.1");
