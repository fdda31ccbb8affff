import { compileEngagement } from "@tollgate/engagement";
import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import type { OpenApiDocument } from "../src/routes/openapi/openapi-types.ts";
import { clientTypes } from "../src/client-types/client-types.ts";
import { startApi } from "./support/start-api.ts";

const { featureSet } = engagement;
const hour = featureSet.features.find((feature) => feature.kind === "aggregate" && feature.window === "1h");
if (hour?.kind !== "aggregate" || hour.aggregate !== "count")
  throw new Error("the engagement has no count of an hour");
const added = `${hour.entity.name}@v${hour.entity.version}:count_3d`;

/** The engagement with one feature more, and nothing else. */
const extended = {
  ...engagement,
  featureSet: { ...featureSet, features: [...featureSet.features, { ...hour, window: "3d" as const }] },
};

test("a feature that is added to the engagement is in the API's description and on its page", async () => {
  const { features, names } = compileEngagement(extended).featureSet;
  await using before = await startApi();
  await using after = await startApi({ features });
  const listed = await Promise.all(
    [before, after].map(async (api) => {
      const { components } = (await (await api.get("/openapi.json")).json()) as OpenApiDocument;
      return components.schemas["FeatureName"];
    }),
  );
  expect(names.at(-1)).toBe(added);
  expect(listed[0]?.examples).toEqual(names.slice(0, -1));
  expect(listed[1]?.examples).toEqual(names);
  const meanings = listed[1]?.["x-features"] ?? [];
  expect(meanings.map(({ name }) => name)).toEqual(names);
  expect(meanings.at(-1)).toMatchObject({ unit: "transactions" });
  expect(await (await before.get("/docs")).text()).not.toContain(added);
  expect(await (await after.get("/docs")).text()).toContain(`<code>${added}</code>`);
});

test("the client's types are the same whatever features an engagement has", () => {
  expect(clientTypes(extended)).toEqual(clientTypes(engagement));
});
