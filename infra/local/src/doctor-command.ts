/** `npm run doctor`: what this machine has, what the demo would use, and how to mend what is missing. */
import { checkMachine } from "./check-machine.ts";
import { checkServices } from "./check-services.ts";
import type { Check } from "./check.ts";
import { loadConfig, processEnvironment } from "./config.ts";

const signs: Readonly<Record<Check["state"], string>> = { good: "✓", bad: "✗", optional: "–" };

const config = loadConfig(processEnvironment());
const checks = [...checkMachine(config), ...(await checkServices(config))];
for (const check of checks) {
  console.info(`${signs[check.state]} ${check.title.padEnd(13)} ${check.found}`);
  if (check.state !== "good" && check.fix !== undefined) console.info(`  ${" ".repeat(13)} → ${check.fix}`);
}
const bad = checks.filter(({ state }) => state === "bad");
console.info(
  bad.length === 0 ? "\nThe demo can run here." : `\n${bad.length} to mend before the demo can run.`,
);
process.exitCode = bad.length === 0 ? 0 : 1;
