/** An app that does nothing but listen, or end as its argument says. */
import { createServer } from "node:net";
import { runApp } from "../../src/index.ts";

const [behaviour = "runs", detail = ""] = process.argv.slice(2);

await runApp("child", async ({ lifecycle }) => {
  if (behaviour === "fails") throw new Error(detail);
  const server = createServer().listen(0, "127.0.0.1");
  lifecycle.onStop("server", () => void server.close());
  if (behaviour === "throws") {
    setImmediate(() => {
      throw new Error(detail);
    });
  }
});
