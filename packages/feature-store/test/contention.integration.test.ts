import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { silentLogger } from "@tollgate/runtime";
import { serviceTest } from "@tollgate/testkit";
import { expect } from "vitest";
import { connectRedis, redisFeatureStore } from "../src/index.ts";
import { card, versionIn, taps, type Tap } from "./taps.ts";

const contend = fileURLToPath(new URL("support/contend.ts", import.meta.url));
const run = promisify(execFile);
const processes = 4;
const ownIds = 96;
const sharedIds = 32;

serviceTest(
  "of 64 writers on one card in 4 processes no update is lost and no transaction counts twice",
  async ({ redisUrl, prefix, redis }) => {
    await redis.ping();
    const shared = Array.from({ length: sharedIds }, (_, id) => `shared-${id}`);
    const own = Array.from({ length: processes }, (_, process) =>
      Array.from({ length: ownIds }, (_id, id) => `own-${process}-${id}`),
    );
    const conflicts = await Promise.all(
      own.map(async (ids) => {
        const sent = [...ids, ...shared];
        const { stdout } = await run(process.execPath, [contend, redisUrl, prefix, ...sent]);
        return Number(stdout);
      }),
    );
    const distinct = [...own.flat(), ...shared];
    const connection = await connectRedis(redisUrl, silentLogger());
    const store = redisFeatureStore<Tap>(connection, { prefix, entities: taps, idempotencySeconds: 60 });
    const after = await store.recall(
      [{ entity: card, key: "hot" }],
      distinct.map((transactionId) => ({ key: "hot", transactionId })),
    );
    connection.disconnect();
    expect(versionIn(after.states[0]?.row)).toBe(distinct.length);
    expect(after.claims.every((claim) => claim !== null)).toBe(true);
    // They really met: without conflicts this test would show nothing.
    expect(Math.min(...conflicts)).toBeGreaterThan(0);
  },
);
