// `node apps/scoring-api/src/create-key-command.ts --id shop-1 [--scopes score,labels] [--rate 1000]`
// Prints a new API key, once, and the entry to keep of it.
import { parseArgs } from "node:util";
import { createApiKey, parseApiKeys, scopes, type Scope } from "./keys/api-key.ts";

const { values } = parseArgs({
  options: {
    id: { type: "string" },
    scopes: { type: "string", default: scopes.join(",") },
    rate: { type: "string", default: "1000" },
    burst: { type: "string", default: "2000" },
  },
});

const { key, entry } = createApiKey({
  id: values.id ?? "",
  scopes: values.scopes.split(",") as Scope[],
  ratePerSecond: Number(values.rate),
  burst: Number(values.burst),
});
const checked = parseApiKeys(JSON.stringify([entry]));
if (checked.ok) {
  process.stdout.write(`key (shown once, give it to the caller): ${key}\n`);
  process.stdout.write(`entry (for the array in TOLLGATE_API_KEYS_FILE): ${JSON.stringify(entry)}\n`);
} else {
  for (const { path, message } of checked.faults) process.stderr.write(`${path.slice(3)} ${message}\n`);
  process.stderr.write("usage: --id NAME [--scopes score,labels] [--rate PER_SECOND] [--burst COUNT]\n");
  process.exitCode = 2;
}
