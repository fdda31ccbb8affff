import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serviceTest } from "@tollgate/testkit";
import { expect } from "vitest";
import type { HistoryLink } from "../src/index.ts";
import { giveRoles, governedRegistry } from "./support/governed-registry.ts";
import { linksOf } from "./support/links-of.ts";
import { newModel, openTestRegistry } from "./support/registry-fixture.ts";

const name = "card-payments";

serviceTest("which version decided at time T is known for every moment", async ({ postgresUrl }) => {
  const { registry } = await governedRegistry(postgresUrl);
  for (const content of ["first", "second"]) await registry.publish(newModel(content), { who: "pub" });
  for (const version of [1, 2, 1]) {
    await registry.setAlias(name, "champion", version, { who: "ann", why: `to ${version}` });
  }
  const moves = (await linksOf(registry)).filter(({ kind }) => kind === "alias");
  const decidedAt = async (at: string): Promise<HistoryLink | undefined> =>
    registry.history.decidedAt({ model: name, alias: "champion", at });
  const [first] = moves;
  expect(await decidedAt(shifted(first, -1))).toBeUndefined();
  // Several moves may share a millisecond: the last of them decides.
  for (const move of moves) {
    const expected = moves.findLast(({ at }) => at === move.at);
    expect(await decidedAt(move.at)).toEqual(expected);
  }
  expect(await decidedAt("2999-01-01T00:00:00Z")).toMatchObject({ version: 1, why: "to 1", who: "ann" });
  expect(await registry.aliasOf(name, "champion")).toBe(1);
  await registry.close();
});

serviceTest(
  "who published a version cannot approve it, not even by way of SQL",
  async ({ postgresUrl, postgres }) => {
    const { registry } = await governedRegistry(postgresUrl);
    await giveRoles(registry, "pub", "publisher,approver");
    await registry.publish(newModel(), { who: "pub" });
    const own = registry.setAlias(name, "champion", 1, { who: "pub", why: "mine" });
    await expect(own).rejects.toMatchObject({ code: "REGISTRY_APPROVER_IS_PUBLISHER" });
    await expect(
      postgres.query(
        `insert into model_registry.history
       select sequence + 1, 'alias', model, version, digest, 'champion', null, who, login, 'by hand', now(),
         hash, 'x'
       from model_registry.history order by sequence desc limit 1`,
      ),
    ).rejects.toThrow(/published card-payments@v1/u);
    await registry.setAlias(name, "champion", 1, { who: "ann", why: "looked at" });
    await registry.close();
  },
);

serviceTest("each does only what its roles allow", async ({ postgresUrl }) => {
  const { registry } = await governedRegistry(postgresUrl);
  await giveRoles(registry, "rea", "reader");
  const refused = { code: "REGISTRY_ROLE_MISSING" };
  await expect(registry.publish(newModel(), { who: "rea" })).rejects.toMatchObject(refused);
  await expect(registry.publish(newModel(), { who: "nobody" })).rejects.toMatchObject(refused);
  expect(await registry.list()).toEqual([]);
  await registry.publish(newModel(), { who: "pub" });
  for (const who of ["rea", "pub", "nobody"]) {
    const move = registry.setAlias(name, "champion", 1, { who, why: "because" });
    await expect(move).rejects.toMatchObject(refused);
  }
  const tag = registry.tag("card-payments@v1", { name: "a", value: "b" }, { who: "rea", why: "because" });
  await expect(tag).rejects.toMatchObject(refused);
  await expect(giveRoles(registry, "ann", "publisher,approver")).rejects.toMatchObject(refused);
  await expect(giveRoles(registry, "pub", "approver", "pub")).rejects.toMatchObject(refused);
  expect(await registry.aliasOf(name, "champion")).toBeUndefined();
  await registry.close();
});

serviceTest("a move without a reason is refused", async ({ postgresUrl }) => {
  const { registry } = await governedRegistry(postgresUrl);
  await registry.publish(newModel(), { who: "pub" });
  const move = registry.setAlias(name, "champion", 1, { who: "ann" });
  await expect(move).rejects.toMatchObject({ code: "REGISTRY_ENTRY_INVALID" });
  await registry.close();
});

serviceTest(
  "a version that the history does not know, or with another content, is not approved",
  async ({ postgresUrl }) => {
    const { registry, folder, reopen } = await governedRegistry(postgresUrl);
    await reopen({ databaseUrl: undefined, encryption: true }).publish(newModel());
    const move = async (): Promise<void> =>
      registry.setAlias(name, "champion", 1, { who: "ann", why: "looked at" });
    await expect(move()).rejects.toMatchObject({ code: "REGISTRY_VERSION_UNRECORDED" });
    await registry.record("card-payments@v1", { who: "pub", why: "cut off" });
    await move();
    await registry.resolve("card-payments@champion");
    const again = registry.record("card-payments@v1", { who: "pub", why: "twice" });
    await expect(again).rejects.toMatchObject({ code: "MODEL_PUBLISH_CONFLICT" });

    // Signed again with a file more: rightly signed, but not what was approved.
    await writeFile(join(folder, name, "v1", "note.txt"), "later");
    await registry.sign("card-payments@v1");
    await registry.resolve("card-payments@v1");
    await expect(registry.resolve("card-payments@champion")).rejects.toThrow(
      /was approved with root digest/u,
    );
    await registry.close();
  },
);

serviceTest("moves that meet are made one after the other, and none is lost", async ({ postgresUrl }) => {
  const { registry, reopen } = await governedRegistry(postgresUrl);
  await registry.publish(newModel("first"), { who: "pub" });
  const writers = [1, 2, 3, 4].map(() => reopen({ encryption: true }));
  const moves = writers.flatMap((writer, at) =>
    ["champion", "challenger", "shadow", "fallback"].map(async (alias) =>
      writer.setAlias(name, alias, 1, { who: "ann", why: `writer ${at}` }),
    ),
  );
  await Promise.all(moves);
  expect(await registry.history.verify()).toMatchObject({ links: 19, broken: undefined });
  await Promise.all([registry, ...writers].map(async (open) => open.close()));
});

serviceTest(
  "eight publishers that meet get a version each, and every one is recorded",
  async ({ postgresUrl }) => {
    const { registry, reopen } = await governedRegistry(postgresUrl);
    const publishers = Array.from({ length: 8 }, () => reopen({ encryption: true }));
    const published = await Promise.all(
      publishers.map(async (open, at) => open.publish(newModel(`model ${at}`), { who: "pub" })),
    );
    expect(new Set(published.map(({ version }) => version))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
    const links = await linksOf(registry);
    expect(links.filter(({ kind }) => kind === "published")).toHaveLength(8);
    for (const { version, sha256 } of published) {
      expect((await registry.resolve(`card-payments@v${version}`)).manifest.sha256).toBe(sha256);
    }
    await Promise.all([registry, ...publishers].map(async (open) => open.close()));
  },
);

serviceTest(
  "the history cannot be changed, and where it is by force the first wrong link is named",
  async ({ postgresUrl, postgres }) => {
    const { registry } = await governedRegistry(postgresUrl);
    await registry.publish(newModel(), { who: "pub" });
    for (const why of ["one", "two"]) await registry.setAlias(name, "champion", 1, { who: "ann", why });
    for (const sql of [
      "update model_registry.history set why = 'better'",
      "delete from model_registry.history",
      "truncate model_registry.history",
    ]) {
      await expect(postgres.query(sql)).rejects.toThrow("only ever appended to");
    }
    const { head, links } = await registry.history.verify();
    await postgres.query("alter table model_registry.history disable trigger history_append_only");
    await postgres.query(`delete from model_registry.history where sequence = ${links}`);
    expect(await registry.history.verify()).toMatchObject({ broken: undefined });
    expect((await registry.history.verify(head)).broken).toMatchObject({ sequence: links });
    await postgres.query("update model_registry.history set who = 'eve' where sequence = 3");
    expect((await registry.history.verify()).broken).toEqual({
      sequence: 3,
      reason: "its hash is not that of its content: it was changed",
    });
    await postgres.query("delete from model_registry.history where sequence = 2");
    expect((await registry.history.verify()).broken).toMatchObject({ sequence: 2 });
    await registry.close();
  },
);

serviceTest("an empty database has no aliases and no history", async ({ postgresUrl }) => {
  const { registry } = await openTestRegistry({ databaseUrl: postgresUrl });
  expect(await registry.aliasOf(name, "champion")).toBeUndefined();
  expect(await registry.history.verify()).toMatchObject({ links: 0, broken: undefined });
  await registry.close();
});

serviceTest(
  "a database that is away is told apart from an alias that is not there",
  async ({ postgresUrl }) => {
    const away = new URL(postgresUrl);
    // A port that no service listens on.
    away.port = "1";
    const { registry } = await openTestRegistry({ databaseUrl: away.href });
    await expect(registry.aliasOf(name, "champion")).rejects.toMatchObject({
      code: "REGISTRY_DATABASE_AWAY",
    });
    await registry.close();
  },
);

function shifted(link: HistoryLink | undefined, byMs: number): string {
  return new Date(Date.parse(link?.at ?? "") + byMs).toISOString();
}
