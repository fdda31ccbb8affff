import { rename } from "node:fs/promises";
import type { DecisionAnswer } from "@tollgate/contracts";
import type { ModelRegistry } from "@tollgate/model-registry";
import { serviceTest, until } from "@tollgate/testkit";
import { expect } from "vitest";
import { valueOf } from "../support/metric-value.ts";
import {
  contentOf,
  modelName as name,
  nextOf,
  registryWithChampion,
} from "../support/registry-with-champion.ts";
import { paymentStream, spawnApi, type SpawnedApi } from "../support/spawned-api.ts";

const waiting = { deadlineMs: 120_000, intervalMs: 100 };

serviceTest(
  "a new champion serves after a few seconds, without one failed request; a broken one is refused",
  async ({ kafkaBrokers, redisUrl, redis, prefix }) => {
    // Asked for so that what this test writes is deleted after it.
    await redis.ping();
    const { folder, registry, first } = await registryWithChampion();
    const services = { kafkaBrokers, redisUrl, prefix };
    const api = await spawnApi(services, {
      TOLLGATE_MODEL_REGISTRY: folder,
      TOLLGATE_MODEL_WATCH_MS: "100",
    });
    const load = scoreAllTheTime(api, prefix);
    try {
      await load.answeredBy(1);
      // Twice there and back again: a version that served before is loaded like a new one.
      for (const version of [2, 1, 2]) {
        if (version > (await countOfVersions(registry))) await registry.publish(nextOf(first));
        await registry.setAlias(name, "champion", version);
        await load.answeredBy(version);
      }
      const { manifest, modelBytes } = first;
      const [row, ...rows] = manifest.goldenRows;
      if (row === undefined) throw new Error("the champion has no golden rows");
      const wrong = { ...row, probability: row.probability > 0.5 ? 0.1 : 0.9 };
      const broken = await registry.publish({
        modelBytes,
        manifest: { ...contentOf(manifest), goldenRows: [wrong, ...rows] },
      });
      await registry.setAlias(name, "champion", broken.version);
      const refusals = 'tollgate_model_loads_total{result="refused"}';
      await until(async () => valueOf(await api.metrics(), refusals) === 1, {
        describe: "the broken version to be refused",
        ...waiting,
      });
      await load.answeredBy(2);
    } finally {
      await load.stop();
    }
    expect(load.failures).toEqual([]);
    expect(load.versions).toEqual(new Set([1, 2]));
    const metrics = await api.metrics();
    expect(valueOf(metrics, 'tollgate_model_loads_total{result="loaded"}')).toBe(3);
    expect(metrics).toMatch(/^tollgate_model_info\{model="card-payments",version="2",[^}]*\} 1$/mu);
    expect(metrics).toMatch(/^tollgate_model_info\{model="card-payments",version="1",[^}]*\} 0$/mu);
    expect(api.app.logs()).toContain("GOLDEN_ROWS_DIFFER");
  },
);

serviceTest(
  "while the registry is away the last good version serves, and its alias is followed again afterwards",
  async ({ kafkaBrokers, redisUrl, redis, prefix }) => {
    await redis.ping();
    const { folder, registry, first } = await registryWithChampion();
    const services = { kafkaBrokers, redisUrl, prefix };
    const api = await spawnApi(services, {
      TOLLGATE_MODEL_REGISTRY: folder,
      TOLLGATE_MODEL_WATCH_MS: "100",
    });
    const load = scoreAllTheTime(api, prefix);
    try {
      await load.answeredBy(1);
      await registry.publish(nextOf(first));
      await registry.setAlias(name, "champion", 2);
      await load.answeredBy(2);
      await rename(folder, `${folder}-away`);
      const looks = 'tollgate_model_loads_total{result="unreadable"}';
      await until(async () => (valueOf(await api.metrics(), looks) ?? 0) > 2, {
        describe: "several looks at a registry that is away",
        ...waiting,
      });
      await load.answeredBy(2);
      await rename(`${folder}-away`, folder);
      await registry.setAlias(name, "champion", 1);
      await load.answeredBy(1);
    } finally {
      await load.stop();
    }
    expect(load.failures).toEqual([]);
  },
);

async function countOfVersions(registry: ModelRegistry): Promise<number> {
  let count = 0;
  while (await registry.resolve(`${name}/${count + 1}`).catch(() => undefined)) count += 1;
  return count;
}

interface Load {
  /** What was not a 200 with a score of the model. */
  readonly failures: readonly string[];
  readonly versions: ReadonlySet<number>;
  /** Resolves when an answer that was asked for after this call names the version. */
  answeredBy(version: number): Promise<void>;
  stop(): Promise<void>;
}

/** Eight callers, each with one payment at a time. */
function scoreAllTheTime(api: SpawnedApi, prefix: string): Load {
  const failures: string[] = [];
  const versions = new Set<number>();
  const next = paymentStream(prefix, 21);
  let latest = { version: 0, asked: 0 };
  let asked = 0;
  const state = { stopped: false };
  const scoreOne = async (): Promise<void> => {
    asked += 1;
    const own = asked;
    const response = await api.score(next());
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
    const { model, degraded } = JSON.parse(text) as DecisionAnswer;
    if (model === null) throw new Error(`no model, degraded: ${degraded.join(", ")}`);
    versions.add(model.version);
    latest = { version: model.version, asked: own };
  };
  const callers = Array.from({ length: 8 }, async () => {
    while (!state.stopped) await scoreOne().catch((error: unknown) => failures.push(String(error)));
  });
  return {
    failures,
    versions,
    async answeredBy(version) {
      const from = asked;
      const isThere = (): boolean =>
        failures.length > 0 || (latest.version === version && latest.asked > from);
      await until(isThere, { describe: `an answer of version ${version}`, ...waiting });
    },
    async stop() {
      state.stopped = true;
      await Promise.all(callers);
    },
  };
}
