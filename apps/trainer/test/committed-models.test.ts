import { loadModel } from "@tollgate/inference";
import { columnsOfModel, openModelRegistry } from "@tollgate/model-registry";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { loadEngagement } from "@tollgate/scoring";
import { expect, test } from "vitest";

/** What a commit may hold; `npm run train -- --promote` makes a new one. */
const committedBytesMax = 2_000_000;

test.each(["champion", "fallback", "challenger"])(
  "the committed %s was trained on the served features, and scores its golden rows",
  async (alias) => {
    const { compiled, modelsFolder } = await loadEngagement("@tollgate/engagement-card-payments");
    const { manifest, modelBytes } = await openModelRegistry(modelsFolder).resolve(`card-payments@${alias}`);
    columnsOfModel(manifest, compiled.featureSet);
    expect(manifest.sequence !== undefined).toBe(alias === "challenger");
    expect(modelBytes.byteLength).toBeLessThan(committedBytesMax);
    const model = await loadModel({ manifest, modelBytes, clock: systemClock(), logger: silentLogger() });
    await model.close();
  },
);
