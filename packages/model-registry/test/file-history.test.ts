import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linksOf } from "./support/links-of.ts";
import { newModel, openTestRegistry } from "./support/registry-fixture.ts";

const name = "card-payments";

test("every move of an alias is kept with who and why, and the chain holds", async () => {
  const { registry } = await openTestRegistry();
  await registry.publish(newModel("first"));
  await registry.publish(newModel("second"));
  await registry.setAlias(name, "champion", 1, { who: "ann", why: "the first" });
  await registry.setAlias(name, "champion", 2, { who: "bob", why: "finds more" });
  const links = await linksOf(registry);
  expect(links).toMatchObject([
    { sequence: 1, version: 1, who: "ann", why: "the first" },
    { sequence: 2, version: 2, who: "bob", why: "finds more", previousHash: links[0]?.hash },
  ]);
  const head = links[1]?.hash;
  expect(await registry.history.verify()).toEqual({ links: 2, head, broken: undefined });
});

test("moves that meet in one process all come into the chain", async () => {
  const { registry } = await openTestRegistry();
  await registry.publish(newModel());
  const aliases = ["champion", "challenger", "shadow", "fallback"];
  await Promise.all(aliases.map(async (alias) => registry.setAlias(name, alias, 1)));
  expect(await registry.history.verify()).toMatchObject({ links: 4, broken: undefined });
  for (const alias of aliases) expect(await registry.aliasOf(name, alias)).toBe(1);
});

test("a changed line, a line cut from the middle and a lost end are found", async () => {
  const { registry, folder } = await openTestRegistry();
  await registry.publish(newModel());
  for (const why of ["one", "two", "three"]) await registry.setAlias(name, "champion", 1, { why });
  const { head } = await registry.history.verify();
  const path = join(folder, "history.jsonl");
  const text = await readFile(path, "utf8");
  const lines = text.trim().split("\n");
  await writeFile(path, text.replace('"why":"two"', '"why":"2"'));
  expect((await registry.history.verify()).broken).toMatchObject({ sequence: 2 });
  await writeFile(path, `${[lines[0], lines[2]].join("\n")}\n`);
  expect((await registry.history.verify()).broken?.reason).toContain("link 2 is not there, 3 follows");
  await writeFile(path, `${lines.slice(0, 2).join("\n")}\n`);
  expect((await registry.history.verify()).broken).toBeUndefined();
  expect((await registry.history.verify(head)).broken?.reason).toContain("cut off");
  await writeFile(path, "{}\n");
  await expect(registry.history.verify()).rejects.toMatchObject({ code: "REGISTRY_HISTORY_BROKEN" });
});

test("a tag's last value counts, and a version keeps its own", async () => {
  const { registry } = await openTestRegistry();
  await registry.publish(newModel("first"));
  await registry.publish(newModel("second"));
  for (const value of ["pending", "passed"]) {
    await registry.tag("card-payments@v1", { name: "validation", value }, { why: "review" });
  }
  expect(await registry.tags("card-payments@v1")).toEqual(new Map([["validation", "passed"]]));
  expect(await registry.tags("card-payments@v2")).toEqual(new Map());
});

test("the files know no roles, and say so", async () => {
  const { registry } = await openTestRegistry();
  const role = {
    kind: "role",
    model: "",
    version: null,
    digest: null,
    subject: "ann",
    value: "approver",
  } as const;
  await expect(registry.history.append(role, {})).rejects.toMatchObject({ code: "REGISTRY_DATABASE_NEEDED" });
});
