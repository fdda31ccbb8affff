import { connect } from "node:net";

import { answerLimitMs } from "./limits.ts";

/** Metadata, version 4: old enough for every Kafka of today and without compact encodings. */
const metadataKey = 3;
const metadataVersion = 4;

/** Size, correlation id and throttle time, 4 bytes each, come before the number of brokers. */
const brokerCountOffset = 12;

/**
 * Asks a broker for its cluster's brokers, which a broker answers once it has joined. Throws otherwise.
 * By hand, because this is asked every few milliseconds while a broker starts.
 */
export async function askKafkaForBrokers(host: string, port: number): Promise<number> {
  const answer = await exchange(host, port, metadataRequest());
  const brokers = answer.readInt32BE(brokerCountOffset);
  if (brokers < 1) throw new Error("Kafka knows of no broker yet");
  return brokers;
}

function metadataRequest(): Buffer {
  const clientId = Buffer.from("tollgate-ready");
  // Header (key, version, correlation id, client id), then no topics and no topic creation.
  const body = Buffer.alloc(2 + 2 + 4 + 2 + clientId.length + 4 + 1);
  let offset = body.writeInt16BE(metadataKey, 0);
  offset = body.writeInt16BE(metadataVersion, offset);
  offset = body.writeInt32BE(1, offset);
  offset = body.writeInt16BE(clientId.length, offset);
  clientId.copy(body, offset);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

function exchange(host: string, port: number, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: answerLimitMs });
    let answer = Buffer.alloc(0);
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new Error(reason));
    };
    socket.once("connect", () => socket.write(request));
    socket.on("data", (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < brokerCountOffset + 4) return;
      socket.destroy();
      resolve(answer);
    });
    socket.once("timeout", () => fail(`Kafka at ${host}:${port} did not answer in ${answerLimitMs} ms`));
    socket.once("error", (error) => fail(error.message));
    socket.once("close", () => fail(`Kafka at ${host}:${port} closed the connection`));
  });
}
