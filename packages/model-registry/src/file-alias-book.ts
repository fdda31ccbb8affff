import { open, readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { AliasBook } from "./alias-book.ts";
import { ModelRegistryError } from "./errors.ts";
import { linkAfter, type HistoryEntry, type HistoryLink } from "./history-link.ts";
import { readAliases, writeAliases } from "./model-aliases.ts";
import { verifyChain } from "./verify-chain.ts";

const text = z.string();
const linkSchema: z.ZodType<HistoryLink> = z.strictObject({
  sequence: z.int(),
  kind: z.enum(["published", "alias", "tag", "role"]),
  model: text,
  version: z.int().nullable(),
  digest: text.nullable(),
  subject: text.nullable(),
  value: text.nullable(),
  who: text,
  login: text,
  why: text,
  at: text,
  previousHash: text,
  hash: text,
});

/**
 * Aliases and their history in files: `<model>/aliases.json`, and `history.jsonl` with one link a line. For
 * one writer at a time: no roles, no second pair of eyes, and whoever may write can write it all anew.
 */
export function fileAliasBook(folder: string, now: () => Date): AliasBook {
  const path = join(folder, "history.jsonl");
  let last: Promise<unknown> = Promise.resolve();
  const append: AliasBook["append"] = async (entry, actor) => {
    if (entry.kind === "published") return undefined;
    if (entry.kind === "role") {
      throw new ModelRegistryError("REGISTRY_DATABASE_NEEDED", "roles are not kept in files");
    }
    const login = userInfo().username;
    const { who = login, why = "" } = actor;
    const at = now().toISOString();
    const previous = (await readLinks(path)).at(-1);
    // A clock that was put back must not break the chain.
    const later = previous !== undefined && previous.at > at ? previous.at : at;
    const link = linkAfter(previous, { ...entry, who, login, why, at: later });
    await appendLine(path, JSON.stringify(link));
    await moveAlias(folder, entry);
    return link;
  };
  return {
    location: folder,
    async aliases(model) {
      const entries = Object.entries(await readAliases(join(folder, model)));
      return new Map(entries.map(([alias, version]) => [alias, { version, digest: undefined }]));
    },
    assertMayRead: async () => {},
    assertMayPublish: async () => {},
    append(entry, actor) {
      const appended = last.then(async () => append(entry, actor));
      last = appended.catch(() => {});
      return appended;
    },
    async *links() {
      yield* await readLinks(path);
    },
    async decidedAt({ model, alias, at }) {
      const instant = Date.parse(at);
      return (await readLinks(path)).findLast(
        (link) =>
          link.kind === "alias" &&
          link.model === model &&
          link.subject === alias &&
          Date.parse(link.at) <= instant,
      );
    },
    async verify(expectedHead) {
      return verifyChain(this.links(), expectedHead);
    },
    close: async () => {},
  };
}

async function moveAlias(folder: string, entry: HistoryEntry): Promise<void> {
  if (entry.kind !== "alias" || entry.subject === null || entry.version === null) return;
  const modelFolder = join(folder, entry.model);
  await writeAliases(modelFolder, { ...(await readAliases(modelFolder)), [entry.subject]: entry.version });
}

async function readLinks(path: string): Promise<readonly HistoryLink[]> {
  const content = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = content.split("\n").filter((line) => line !== "");
  return lines.map((line, index) => {
    try {
      return linkSchema.parse(JSON.parse(line));
    } catch (error) {
      const detail = `${path}: line ${index + 1} is no link`;
      throw new ModelRegistryError("REGISTRY_HISTORY_BROKEN", detail, error);
    }
  });
}

async function appendLine(path: string, line: string): Promise<void> {
  const file = await open(path, "a");
  try {
    await file.writeFile(`${line}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
