/** A process that exits while its worker scores: the exit code must be its own. */
import { silentLogger, systemClock } from "@tollgate/runtime";
import { loadModel } from "../../src/index.ts";
import { committedChampion } from "./committed-champion.ts";

const common = { clock: systemClock(), logger: silentLogger(), placement: "worker" } as const;
const model = await loadModel({ ...(await committedChampion()), ...common });
const vectors = new Float32Array(4_096 * model.inputSize);
const scoring = model.score(vectors, 4_096);
setImmediate(() => process.exit(7));
await scoring;
