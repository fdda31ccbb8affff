import type { ModelRegistry } from "../../src/index.ts";
import { openTestRegistry, type TestRegistry } from "./registry-fixture.ts";

/** A registry with `pub`, who publishes, and `ann`, who approves and, where nobody else is named, reads. */
export async function governedRegistry(databaseUrl: string): Promise<TestRegistry> {
  const opened = await openTestRegistry({ databaseUrl, identity: "ann" });
  await giveRoles(opened.registry, "ann", "approver");
  await giveRoles(opened.registry, "pub", "publisher");
  return opened;
}

export async function giveRoles(
  registry: ModelRegistry,
  identity: string,
  roles: string,
  who = "ann",
): Promise<void> {
  await registry.history.append(
    { kind: "role", model: "", version: null, digest: null, subject: identity, value: roles },
    { who, why: "set up" },
  );
}
