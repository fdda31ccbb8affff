/** Starts an owned stack, says what it started, and waits for its end: `launcher.ts <name> <service>…`. */
import { startStack, type ServiceName } from "../../src/index.ts";
import { processEnvironment } from "../../src/config.ts";

const [name = "", ...services] = process.argv.slice(2);
const stack = await startStack({
  name,
  services: services as ServiceName[],
  environment: { PATH: processEnvironment()["PATH"] },
  lifetime: "owned",
  durable: false,
  ports: "any",
});
process.stdout.write(`${JSON.stringify(stack.services.map((service) => service.pid()))}\n`);
process.stdin.resume();
