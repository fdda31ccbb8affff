import { readFileSync } from "node:fs";
import { silentLogger } from "@tollgate/runtime";
import {
  canCreateTlsFiles,
  createTlsFiles,
  startOwnRedis,
  until,
  type OwnRedis,
  type TlsFiles,
} from "@tollgate/testkit";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectRedis, redisFeatureStore } from "../src/index.ts";
import { openReadLane } from "../src/read-lane.ts";
import { documentedRules } from "./documented-rules.ts";
import { expectLayoutsApart } from "./expect-layouts-apart.ts";
import { storeContract } from "./store-contract.ts";
import { taps, type Tap } from "./taps.ts";

/** Where all are skipped, nothing is started either. */
const withoutTls = !canCreateTlsFiles();

/** Without `info` the client warns and goes on: it cannot tell whether Redis is still loading. */
const commands = documentedRules("").filter((rule) => rule.startsWith("+") && rule !== "+info");

let files: TlsFiles;
let server: OwnRedis;
let administrator: Redis;
let url: string;

beforeAll(async () => {
  files = createTlsFiles();
  server = await startOwnRedis({ tls: files, arguments: ["--requirepass", "administrator"] });
  administrator = new Redis(server.port, "127.0.0.1", {
    password: "administrator",
    tls: { ca: readFileSync(files.authorityFile) },
  });
  const password = "p@ss:word/1";
  url = `rediss://tollgate:${encodeURIComponent(password)}@127.0.0.1:${server.port}`;
  await administrator.call("ACL", "SETUSER", "tollgate", ...documentedRules(password));
});

beforeEach(async () => {
  await administrator.flushall();
});

afterAll(async () => {
  administrator.disconnect();
  await server.stop();
  files.remove();
});

async function hold(guarantees: typeof storeContract): Promise<void> {
  const connection = await connectRedis(url, silentLogger(), {
    certificateAuthorityFile: files.authorityFile,
  });
  try {
    await administrator.flushall();
    await expectLayoutsApart(connection, "tollgate:");
    for (const expectHolds of Object.values(guarantees)) {
      await administrator.flushall();
      await expectHolds(
        redisFeatureStore<Tap>(connection, { prefix: "tollgate:", entities: taps, idempotencySeconds: 60 }),
      );
    }
  } finally {
    connection.disconnect();
  }
}

for (const [guarantee, expectHolds] of Object.entries(storeContract)) {
  test.skipIf(withoutTls)(`Redis with TLS, password and a user of few rights: ${guarantee}`, () =>
    expect(hold({ [guarantee]: expectHolds })).resolves.toBeUndefined(),
  );
}

test.skipIf(withoutTls)(
  "the documented rights are the least: without any one of them something fails",
  async () => {
    expect(commands.length).toBeGreaterThan(5);
    const unneeded: string[] = [];
    for (const command of commands) {
      await administrator.call("ACL", "SETUSER", "tollgate", command.replace("+", "-"));
      const held = await hold(storeContract).then(
        () => true,
        () => false,
      );
      if (held) unneeded.push(command);
      await administrator.call("ACL", "SETUSER", "tollgate", command);
    }
    expect(unneeded).toEqual([]);
    await hold(storeContract);
  },
);

test.skipIf(withoutTls)("another prefix is refused to that user", async () => {
  const connection = await connectRedis(url, silentLogger(), {
    certificateAuthorityFile: files.authorityFile,
  });
  const store = redisFeatureStore<Tap>(connection, {
    prefix: "other:",
    entities: taps,
    idempotencySeconds: 60,
  });
  await expect(store.readGeneration()).rejects.toThrow(/NOPERM/u);
  connection.disconnect();
});

test.skipIf(withoutTls)("states are read by a lane of their own there too", async () => {
  const settings = { certificateAuthorityFile: files.authorityFile };
  const connection = (await connectRedis(url, silentLogger(), settings)) as Redis;
  const lane = openReadLane(connection);
  await until(() => lane.isOpen, { describe: "the lane to open" });
  expect(await lane.read(["tollgate:absent"])).toEqual([null]);
  await expect(lane.read(["other:absent"])).rejects.toThrow(/NOPERM/u);
  connection.disconnect();
});

test.skipIf(withoutTls)("a server whose certificate comes from nobody we trust is refused", async () => {
  await expect(connectRedis(url, silentLogger())).rejects.toThrow(
    /\*\*\*@127.*does not answer \(.*certificate/u,
  );
});

test.skipIf(withoutTls)("a wrong password is said to be one", async () => {
  const wrong = url.replace("tollgate:", "tollgate:no");
  const settings = { certificateAuthorityFile: files.authorityFile };
  await expect(connectRedis(wrong, silentLogger(), settings)).rejects.toThrow(/WRONGPASS/u);
});
