import type { HistoryLink, ModelRegistry } from "@tollgate/model-registry";
import { tableLines } from "@tollgate/runtime";
import { succeeded, type CommandResult } from "./command-result.ts";
import { ModelsError } from "./models-error.ts";
import type { ModelsOptions } from "./options.ts";

const roles: readonly string[] = ["approver", "publisher", "reader"];
/** Takes all of them away. */
const noRole = "none";

export async function setAlias(registry: ModelRegistry, options: ModelsOptions): Promise<CommandResult> {
  const [name = "", alias = "", text = ""] = options.operands;
  const version = Number(text.replace(/^v/u, ""));
  if (!Number.isInteger(version) || version < 1)
    throw new ModelsError(`"${text}" is no version: write 3 or v3`);
  const { who, why } = options;
  const before = await registry.aliasOf(name, alias);
  await registry.setAlias(name, alias, version, { who, why });
  const from = before === undefined ? "" : `, it was v${before}`;
  return succeeded([`${name}@${alias} is v${version} now${from}`], {
    name,
    alias,
    version,
    before: before ?? null,
  });
}

export async function showAliases(registry: ModelRegistry, name: string): Promise<CommandResult> {
  const aliases = [...(await registry.history.aliases(name))].toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  );
  const rows = aliases.map(([alias, { version, digest }]) => ({ alias, version, digest: digest ?? null }));
  const cells = rows.map(({ alias, version, digest }) => [
    alias,
    `v${version}`,
    digest ?? "not kept in files",
  ]);
  return succeeded(tableLines(["alias", "version", "approved root digest"], cells), rows);
}

export async function showHistory(registry: ModelRegistry, name: string | undefined): Promise<CommandResult> {
  const links: HistoryLink[] = [];
  for await (const link of registry.history.links()) {
    if (name === undefined || link.model === name) links.push(link);
  }
  const cells = links.map((link) => [
    `${link.sequence}`,
    link.at,
    eventOf(link),
    link.who,
    link.login,
    link.why,
  ]);
  return succeeded(tableLines(["link", "when", "what", "who", "login", "why"], cells), links);
}

export async function whoDecidedAt(registry: ModelRegistry, options: ModelsOptions): Promise<CommandResult> {
  const [model = "", alias = "", text = ""] = options.operands;
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw new ModelsError(`"${text}" is no time: write 2026-11-01T12:00:00Z`);
  const at = new Date(atMs).toISOString();
  const link = await registry.history.decidedAt({ model, alias, at });
  if (link === undefined) {
    return { lines: [`no move of ${model}@${alias} is known until ${at}`], result: null, passed: false };
  }
  const { version, who, why } = link;
  const line = `at ${at} ${model}@${alias} was v${version}: since ${link.at}, by ${who}, "${why}"`;
  return succeeded([line], link);
}

export async function setTag(registry: ModelRegistry, options: ModelsOptions): Promise<CommandResult> {
  const [reference = "", text = ""] = options.operands;
  const [, name = "", value = ""] = /^([^=]+)=(.+)$/su.exec(text) ?? [];
  const { who, why } = options;
  await registry.tag(reference, { name, value }, { who, why });
  return succeeded([`${reference} has ${name}=${value} now`], { reference, name, value });
}

export async function giveRole(registry: ModelRegistry, options: ModelsOptions): Promise<CommandResult> {
  const [subject = "", text = ""] = options.operands;
  const named = [...new Set(text.split(",").map((role) => role.trim()))].toSorted();
  const given = text === noRole ? [] : named;
  const unknown = given.find((role) => !roles.includes(role));
  if (unknown !== undefined) {
    const known = [...roles, noRole].join(", ");
    throw new ModelsError(`"${unknown}" is no role; there are: ${known}`);
  }
  const { who, why } = options;
  const value = given.join(",");
  const none = { model: "", version: null, digest: null };
  await registry.history.append({ kind: "role", ...none, subject, value }, { who, why });
  return succeeded([`${subject} is ${rolesInWords(value)} now`], { identity: subject, roles: given });
}

function eventOf({ kind, model, version, subject, value }: HistoryLink): string {
  switch (kind) {
    case "published":
      return `${model}@v${version} published`;
    case "alias":
      return `${model}@${subject} → v${version}`;
    case "tag":
      return `${model}@v${version} ${subject}=${value}`;
    case "role":
      return `${subject} is ${rolesInWords(value ?? "")}`;
  }
}

function rolesInWords(value: string): string {
  return value === "" ? "without a role" : value.split(",").join(" and ");
}
