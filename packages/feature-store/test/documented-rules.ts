import { readFileSync } from "node:fs";

/** The rights of the platform's Redis user, from the page for operators: tested is what is documented. */
const page = readFileSync(new URL("../../../docs/specs/feature-store.md", import.meta.url), "utf8");

/** The rules of `ACL SETUSER`, with this password. */
export function documentedRules(password: string): readonly string[] {
  const rules = /^ACL SETUSER tollgate (on .+)$/mu.exec(page)?.[1]?.split(" ") ?? [];
  return rules.map((rule) => (rule.startsWith(">") ? `>${password}` : rule));
}

/** What a cluster needs besides. */
export function documentedClusterRules(): readonly string[] {
  return /A cluster needs `([^`]+)` besides/u.exec(page)?.[1]?.split(" ") ?? [];
}
