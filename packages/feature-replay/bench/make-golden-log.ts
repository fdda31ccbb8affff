// `node packages/feature-replay/bench/make-golden-log.ts`: records the golden log anew, when the feature set
// is meant to change. What every build must compute again is then what this build computes.
import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { compiled } from "./card-payments.ts";
import { runSimulatedWay } from "./simulated-way.ts";

const path = new URL("../test/golden-log.json.gz", import.meta.url);
const startMs = Date.parse("2026-06-01T00:00:00Z");
const { log } = await runSimulatedWay({ compiled, seed: 1, transactions: 500, customers: 100, startMs });
const { partitions, labels } = log;
await writeFile(path, gzipSync(JSON.stringify({ partitions, labels }), { level: 9 }));
process.stdout.write(
  `${partitions.flat().length} decisions of ${compiled.featureSet.size} features recorded\n`,
);
