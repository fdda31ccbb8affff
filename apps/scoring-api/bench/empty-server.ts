/** What the scoring route is measured against: reads a JSON body, without looking at it, and answers. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const body = JSON.stringify({ decision: "approve", padding: "-".repeat(480) });
const headers = ["Content-Type", "application/json", "Content-Length", String(body.length)];

const server = createServer((request, response) => {
  request.on("data", () => {});
  request.on("end", () => {
    response.writeHead(200, headers);
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
