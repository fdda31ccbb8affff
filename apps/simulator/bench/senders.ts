import http from "node:http";
import type { AddressInfo } from "node:net";
import { createClient } from "@tollgate/client";
import { median, type BenchOptions, type BenchResult } from "@tollgate/runtime";
import { createHttpClient } from "../src/http-client.ts";

const inFlight = 64;
const transaction = {
  id: "payment-000001",
  occurredAt: "2026-03-01T12:00:00.000Z",
  amountMinor: 4_200,
  currency: "EUR",
  cardId: "card-000001",
  customerId: "customer-000001",
  merchantId: "merchant-000001",
  merchantCategoryCode: "5411",
  terminalId: "terminal-000001",
  channel: "card-present",
  entryMode: "chip",
  country: "DE",
} as const;
const answer = JSON.stringify({
  transactionId: transaction.id,
  decision: "approve",
  filler: "a".repeat(800),
});

/**
 * Processor time of a request as the simulator's own sender makes it and as the typed client does, against a
 * server in the same process that does nothing: what it costs is in both figures.
 */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const requests = quick ? 2_000 : 10_000;
  const server = http.createServer((request, response) => {
    request
      .resume()
      .on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const own = createHttpClient({ apiUrl: url, apiKey: "key" });
  const typed = createClient({ url, key: "key" });
  const senders = {
    own: () => own.post("/v1/score", JSON.stringify(transaction)),
    typed: () => typed.score(transaction),
  };
  const micros: Record<keyof typeof senders, number[]> = { own: [], typed: [] };
  // The first round brings in code.
  for (let round = 0; round <= 5; round += 1) {
    for (const name of ["own", "typed"] as const) {
      const spent = await microsPerRequest(senders[name], requests);
      if (round > 0) micros[name].push(spent);
    }
  }
  own.close();
  server.closeAllConnections();
  server.close();
  const [ownMicros, typedMicros] = [median(micros.own), median(micros.typed)];
  const ratio = typedMicros / ownMicros;
  return {
    table: {
      header: ["sender", "processor µs a request"],
      rows: [
        ["the simulator's own (node:http)", ownMicros.toFixed(0)],
        ["packages/client (fetch)", typedMicros.toFixed(0)],
      ],
    },
    figures: {
      ownMicros: Math.round(ownMicros),
      clientMicros: Math.round(typedMicros),
      ratio: Number(ratio.toFixed(2)),
    },
    passed: true,
    notes: [
      `the client costs ${((ratio - 1) * 100).toFixed(0)} % more; the simulator takes it from 5 % down`,
    ],
  };
}

async function microsPerRequest(send: () => Promise<unknown>, requests: number): Promise<number> {
  let left = requests;
  const used = process.cpuUsage();
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await send();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  const { user, system } = process.cpuUsage(used);
  return (user + system) / requests;
}
