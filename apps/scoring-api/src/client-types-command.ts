// `npm run client-types [-- --engagement PACKAGE --out FOLDER]`: writes the types of packages/client anew,
// from the API's own description. Another engagement's transaction has other fields: it needs a folder of
// its own.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadEngagement } from "@tollgate/scoring";
import { clientTypes } from "./client-types/client-types.ts";

const { values } = parseArgs({
  options: {
    engagement: { type: "string", default: "@tollgate/engagement-card-payments" },
    out: { type: "string", default: "packages/client/src/generated" },
  },
});
const { compiled } = await loadEngagement(values.engagement);
const files = Object.entries(clientTypes(compiled.engagement)).map(([name, text]) => {
  const path = join(values.out, name);
  writeFileSync(path, text);
  return path;
});
const { status } = spawnSync("oxfmt", ["--write", ...files], { stdio: "inherit" });
process.exitCode = status ?? 1;
