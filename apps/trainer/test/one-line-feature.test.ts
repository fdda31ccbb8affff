import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildReferenceProfile, createDriftCounters, type ReferenceRow } from "@tollgate/drift";
import { compileEngagement, featureReference } from "@tollgate/engagement";
import { engagement } from "@tollgate/engagement-card-payments";
import { count } from "@tollgate/features";
import { columnsOfModel, openModelRegistry } from "@tollgate/model-registry";
import { loadEngagement } from "@tollgate/scoring";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { expect, onTestFinished, test } from "vitest";
import { exportTrainingSet } from "../src/export-training-set.ts";

const { featureSet } = engagement;
const [card] = featureSet.entities;
if (card === undefined) throw new Error("the engagement has no entity");
const added = `${card.name}@v${card.version}:count_3d`;

/** The engagement with one line more in its features, and nothing else. */
const extended = compileEngagement({
  ...engagement,
  featureSet: { ...featureSet, features: [...featureSet.features, count(card, "3d")] },
});
const before = compileEngagement(engagement);

test("one line makes a feature: its place in the vector, its column, its page, its watch", async () => {
  expect(extended.featureSet.names).toEqual([...before.featureSet.names, added]);
  expect(extended.featureSet.hash).not.toBe(before.featureSet.hash);
  expect(featureReference(extended)).toContain(`\`${added}\``);
  const rows = await trainingRows();
  expect(rows.some((row) => Number(row[added]) > 1)).toBe(true);
  const profile = buildReferenceProfile({
    model: { name: "card-payments", version: 2 },
    featureSet: extended.featureSet,
    attributes: [],
    thresholds: { review: 0.5, decline: 0.9 },
    rows: rows.map(referenceRow),
  });
  const watched = profile.features.find(({ name }) => name === added);
  expect(watched).toMatchObject({ unit: "transactions" });
  expect(createDriftCounters(profile).layout.groups.map(({ name }) => name)).toContain(added);
});

test("a model that was trained before goes on with the features it knows", async () => {
  const { modelsFolder } = await loadEngagement("@tollgate/engagement-card-payments");
  const { manifest } = await openModelRegistry(modelsFolder).resolve("card-payments@champion");
  const columns = columnsOfModel(manifest, extended.featureSet);
  expect(Array.from(columns ?? [], (column) => extended.featureSet.names[column])).toEqual(
    manifest.features.map(({ name }) => name),
  );
});

async function trainingRows(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-feature-"));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "rows.parquet");
  await exportTrainingSet(extended, {
    path,
    transactions: 3_000,
    customers: 200,
    seed: 7,
    fromMs: Date.UTC(2026, 0, 5),
    untilMs: undefined,
    progress: { show() {}, end() {} },
  });
  return parquetReadObjects({ file: await asyncBufferFromFile(path) });
}

function referenceRow(row: Readonly<Record<string, unknown>>, position: number): ReferenceRow {
  return {
    occurredAtMs: Number(row["occurredAtMs"]),
    vector: Float32Array.from(extended.featureSet.names, (name) => Number(row[name])),
    attributes: [],
    score: (position % 100) / 100,
    outcome: "approve",
    fraud: false,
  };
}
