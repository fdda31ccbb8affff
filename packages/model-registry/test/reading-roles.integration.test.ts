import { serviceTest } from "@tollgate/testkit";
import { expect } from "vitest";
import type { ModelRegistry } from "../src/index.ts";
import { giveRoles, governedRegistry } from "./support/governed-registry.ts";
import { linksOf } from "./support/links-of.ts";
import { newModel, openTestRegistry, type TestRegistry } from "./support/registry-fixture.ts";

const name = "card-payments";

serviceTest("who has no role reads nothing, and is told which one to ask for", async ({ postgresUrl }) => {
  const opened = await registryWithChampion(postgresUrl);
  const eve = as(opened, "eve");
  for (const read of ways) {
    await expect(read(eve)).rejects.toMatchObject({
      code: "REGISTRY_ROLE_MISSING",
      message: expect.stringMatching(/eve may not read .* the role reader .* role eve reader/u),
    });
  }
  await closeAll(opened.registry, eve);
});

serviceTest("a reader reads everything; so do a publisher and an approver", async ({ postgresUrl }) => {
  const opened = await registryWithChampion(postgresUrl);
  await giveRoles(opened.registry, "rea", "reader");
  for (const identity of ["rea", "pub", "ann"]) {
    const registry = as(opened, identity);
    for (const read of ways) await read(registry);
    await registry.close();
  }
  await opened.registry.close();
});

serviceTest("without an identity the database's login is asked for its role", async ({ postgresUrl }) => {
  const opened = await registryWithChampion(postgresUrl);
  const registry = as(opened, undefined);
  const login = (await linksOf(opened.registry))[0]?.login ?? "";
  await expect(registry.list()).rejects.toThrow(`${login} may not read`);
  await giveRoles(opened.registry, login, "reader");
  expect(await registry.list()).toHaveLength(1);
  await closeAll(opened.registry, registry);
});

serviceTest("a role that is taken away counts from the next read on", async ({ postgresUrl }) => {
  const opened = await registryWithChampion(postgresUrl);
  await giveRoles(opened.registry, "rea", "reader");
  const registry = as(opened, "rea");
  expect(await registry.aliasOf(name, "champion")).toBe(1);
  await giveRoles(opened.registry, "rea", "");
  await expect(registry.aliasOf(name, "champion")).rejects.toMatchObject({ code: "REGISTRY_ROLE_MISSING" });
  await closeAll(opened.registry, registry);
});

serviceTest("until somebody has taken the first role everybody reads", async ({ postgresUrl }) => {
  const { registry, reopen } = await openTestRegistry({ identity: "ann" });
  await registry.publish(newModel());
  const governed = reopen({ databaseUrl: postgresUrl });
  const readAs = reopen({ databaseUrl: postgresUrl, identity: "eve" });
  await readAs.resolve(`${name}@v1`);
  await giveRoles(governed, "ann", "approver");
  await expect(readAs.resolve(`${name}@v1`)).rejects.toMatchObject({ code: "REGISTRY_ROLE_MISSING" });
  await closeAll(registry, governed, readAs);
});

serviceTest(
  "while the database is away a version is read by its number, with a warning",
  async ({ postgresUrl }) => {
    const opened = await registryWithChampion(postgresUrl);
    const away = new URL(postgresUrl);
    // A port that no service listens on.
    away.port = "1";
    const warnings: string[] = [];
    const warn = (message: string): void => void warnings.push(message);
    const registry = opened.reopen({ databaseUrl: away.href, identity: "eve", warn });
    expect((await registry.resolve(`${name}@v1`)).manifest.version).toBe(1);
    expect(warnings.join("\n")).toContain("card-payments@v1 is read without a look at roles");
    await expect(registry.resolve(`${name}@champion`)).rejects.toMatchObject({
      code: "REGISTRY_DATABASE_AWAY",
    });
    await closeAll(opened.registry, registry);
  },
);

/** Everything that reads. */
const ways: readonly ((registry: ModelRegistry) => Promise<unknown>)[] = [
  async (registry) => registry.resolve(`${name}@champion`),
  async (registry) => registry.resolve(`${name}@v1`),
  async (registry) => registry.aliasOf(name, "champion"),
  async (registry) => registry.list(),
  async (registry) => registry.tags(`${name}@v1`),
  async (registry) => linksOf(registry),
  async (registry) => registry.history.verify(),
  async (registry) =>
    registry.history.decidedAt({ model: name, alias: "champion", at: "2999-01-01T00:00:00Z" }),
];

async function registryWithChampion(databaseUrl: string): Promise<TestRegistry> {
  const opened = await governedRegistry(databaseUrl);
  await opened.registry.publish(newModel(), { who: "pub" });
  await opened.registry.setAlias(name, "champion", 1, { who: "ann", why: "looked at" });
  return opened;
}

function as({ reopen }: TestRegistry, identity: string | undefined): ModelRegistry {
  return reopen({ identity });
}

async function closeAll(...registries: readonly ModelRegistry[]): Promise<void> {
  await Promise.all(registries.map(async (registry) => registry.close()));
}
