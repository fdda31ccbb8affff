/** A small app for the tests of `spawnApp`: answers its greeting, ends with 0 on SIGTERM. */
import { createServer } from "node:http";

const [port, greeting] = process.argv.slice(2);
const server = createServer((_request, response) => response.end(greeting));
server.listen(Number(port), "127.0.0.1", () => console.info("listening"));
process.once("SIGTERM", () => server.close(() => console.info("closed")));
