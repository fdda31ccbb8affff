/**
 * `node apps/scoring-api/bench/listeners.ts`: two processes behind one port, by Node's cluster, which hands
 * connections out in turn, and by a listener in each (`reusePort`), among which the kernel spreads them.
 */
import { spawn } from "node:child_process";
import cluster from "node:cluster";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { choosePort } from "@tollgate/local-stack";
import { median } from "@tollgate/runtime";
import type { LoadOrder, LoadResult } from "./load-protocol.ts";

const kinds = ["cluster", "reusePort"] as const;
const rounds = 5;

if (cluster.isPrimary) await measure();
else serve(process.argv[2] ?? "", Number(process.argv[3]));

function serve(kind: string, port: number): void {
  const body = "-".repeat(500);
  const server = createServer((request, response) => {
    request.on("data", () => {}).on("end", () => response.end(body));
  });
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
    process.send?.(connections);
  });
  const shared = kind === "cluster" ? {} : { exclusive: true, reusePort: true };
  // The cluster says nothing of a listener that is not shared.
  server.listen({ port, host: "127.0.0.1", ...shared }, () => process.send?.(0));
}

async function measure(): Promise<void> {
  const client = spawn(process.execPath, [new URL("load-client.ts", import.meta.url).pathname], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
  const rates: Record<string, number[]> = { cluster: [], reusePort: [] };
  const shares: Record<string, number[]> = { cluster: [], reusePort: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of kinds) {
      const { port } = await choosePort({ taken: new Set() });
      cluster.setupPrimary({ args: [kind, String(port)] });
      const connections = [0, 0];
      const workers = connections.map((_, place) => {
        const worker = cluster.fork();
        worker.on("message", (count: number) => {
          connections[place] = count;
        });
        return worker;
      });
      await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once("message", resolve))));
      const order: LoadOrder = {
        port,
        path: "/",
        apiKey: "none",
        connections: 64,
        seconds: 2,
        perRequest: 1,
        round: `l${String(round).padStart(8, "0")}`,
      };
      client.stdin.write(`${JSON.stringify(order)}\n`);
      const { value } = await answers.next();
      const result = JSON.parse(value ?? "") as LoadResult;
      rates[kind]?.push(result.requests / result.seconds);
      shares[kind]?.push(Math.max(...connections));
      for (const worker of workers) worker.kill();
    }
  }
  for (const kind of kinds) {
    const rate = Math.round(median(rates[kind] ?? []));
    console.info(
      `${kind}: ${rate} requests/s, of 64 connections at most ${(shares[kind] ?? []).join(", ")} to one`,
    );
  }
  client.kill();
}
