import { compileEngagement, featureReference } from "@tollgate/engagement";
import { expect, test } from "vitest";
import { engagement } from "../src/index.ts";

test("the reference page of the features is that of the definition", async () => {
  const page = featureReference(compileEngagement(engagement));
  await expect(page).toMatchFileSnapshot("../../../docs/reference/features-card-payments.md");
});
