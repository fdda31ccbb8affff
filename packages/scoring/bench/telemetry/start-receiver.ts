import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Takes what comes and says so; in a process of its own, so that its time is not counted. */
const program = `
  const server = require("node:http").createServer((request, response) => {
    const headers = { "content-type": "application/json" };
    request.resume().on("end", () => response.writeHead(200, headers).end("{}"));
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
  process.stdin.resume().on("end", () => process.exit());
`;

export async function startReceiver(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, ["--eval", program], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise<string>((resolve) => lines.once("line", resolve));
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
