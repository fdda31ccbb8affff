import { compileEngagement, featureReference } from "@tollgate/engagement";
import { compileFeatureSet } from "@tollgate/features";
import { expect, test } from "vitest";
import { handbookFeatureSet } from "../src/handbook-features.ts";
import { engagement } from "../src/index.ts";

test("the reference page of the features is that of the definition", async () => {
  const page = featureReference(compileEngagement(engagement));
  await expect(page).toMatchFileSnapshot("../../../docs/reference/features-card-payments.md");
});

test("the reference page of the Handbook's mapping is that of its definition", async () => {
  const handbook = {
    engagement: { name: engagement.name, featureSet: handbookFeatureSet },
    featureSet: compileFeatureSet(handbookFeatureSet),
  };
  const page = featureReference(handbook, "Features of the Fraud Detection Handbook's data");
  await expect(page).toMatchFileSnapshot("../../../docs/reference/features-handbook.md");
});
