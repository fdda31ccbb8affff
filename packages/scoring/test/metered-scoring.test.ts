import { createTelemetry } from "@tollgate/telemetry";
import { expect, test } from "vitest";
import { meteredScoring } from "../src/metered-scoring.ts";

test("the scores of each model version are counted in a histogram of its own", async () => {
  const telemetry = createTelemetry({ processMetrics: false });
  const observer = meteredScoring(telemetry);
  const version = (number: number) => ({ name: "card-payments", version: number, digest: `${number}` });
  observer.scored(version(1), Float32Array.of(0.25, 0.75));
  observer.scored(version(2), Float32Array.of(0.25));
  observer.scored(version(1), Float32Array.of(0.25));
  const text = await telemetry.render();
  const bucket = (number: number): string =>
    `tollgate_score_bucket{model="card-payments",version="${number}",le="0.3"}`;
  expect(text).toContain(`${bucket(1)} 2\n`);
  expect(text).toContain(`${bucket(2)} 1\n`);
  expect(text).toContain('tollgate_score_count{model="card-payments",version="1"} 3\n');
});
