import type { DecisionAnswer, DecisionRecord } from "@tollgate/contracts";
import { serviceTest, until } from "@tollgate/testkit";
import { expect, onTestFinished } from "vitest";
import { modelName, nextOf, registryWithChampion } from "../support/registry-with-champion.ts";
import { paymentStream, spawnApi } from "../support/spawned-api.ts";

serviceTest(
  "a caller chooses among the loaded versions; the record says which decided; the champion is the default",
  async ({ kafka, kafkaBrokers, redisUrl, redis, prefix }) => {
    // Asked for so that what this test writes is deleted after it.
    await redis.ping();
    const { folder, registry, first } = await registryWithChampion();
    await registry.publish(nextOf(first));
    await registry.setAlias(modelName, "challenger", 2);
    const api = await spawnApi(
      { kafkaBrokers, redisUrl, prefix },
      {
        TOLLGATE_MODEL_REGISTRY: folder,
        TOLLGATE_MODELS_BESIDE: `${modelName}@challenger`,
        TOLLGATE_MODEL_WATCH_MS: "100",
      },
    );
    const next = paymentStream(prefix, 31);
    const versionFor = async (model: string | undefined): Promise<number | undefined> => {
      const response = await api.score(next(), model === undefined ? {} : { "tollgate-model": model });
      if (!response.ok) return response.status;
      return ((await response.json()) as DecisionAnswer).model?.version;
    };
    expect(await versionFor(undefined)).toBe(1);
    expect(await versionFor("@challenger")).toBe(2);
    expect(await versionFor(`${modelName}@v2`)).toBe(2);
    expect(await versionFor("@champion")).toBe(1);
    expect(await versionFor("@v3")).toBe(404);
    const { size } = first.manifest.input;
    const inputs = [
      {
        name: first.manifest.input.name,
        shape: [1, size],
        datatype: "FP32",
        data: Array<number>(size).fill(0),
      },
    ];
    const inferred = await api.ask(`/v2/models/${modelName}/versions/2/infer`, {
      method: "POST",
      body: JSON.stringify({ inputs }),
    });
    expect(await inferred.json()).toMatchObject({ model_version: "2" });
    // The alias goes on: the version that it named stays until nobody can have chosen it any more.
    await registry.publish(nextOf(first));
    await registry.setAlias(modelName, "challenger", 3);
    await until(async () => (await versionFor("@challenger")) === 3, {
      describe: "the challenger to be version 3",
      deadlineMs: 120_000,
    });

    const versions: (number | undefined)[] = [];
    const consumer = kafka.consumer({ groupId: `${prefix}reader` });
    onTestFinished(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topic: `${prefix}fraud.decisions.v1`, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        const { model } = JSON.parse(message.value?.toString() ?? "") as DecisionRecord;
        versions.push(model?.version);
      },
    });
    const all = [1, 2, 3];
    await until(() => all.every((version) => versions.includes(version)), {
      describe: "records of all three versions",
      deadlineMs: 60_000,
    });
  },
);
