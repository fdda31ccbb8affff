import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { freePort, testEnvironment, until } from "@tollgate/testkit";
import { onTestFinished } from "vitest";

const run = promisify(execFile);
const module = "github.com/versity/versitygw/cmd/versitygw@v1.8.0";
const ownFolder = fileURLToPath(new URL("../../../../.local/gobin", import.meta.url));
/** Go's modules are fetched within it too. */
const buildMs = 900_000;
/** What the server is started with. */
export const s3Credentials = { accessKeyId: "test", secretAccessKey: "test-secret" };

/**
 * The Versity S3 gateway's program: in `.local/gobin`, on PATH, or in CI built once from its Go module (four
 * minutes of a core). Undefined, with how to get it on standard error, where there is none.
 */
export async function findS3Server(): Promise<string | undefined> {
  const found = await installed();
  if (found !== undefined) return found;
  let fault = "";
  if (testEnvironment()["CI"] !== undefined) {
    process.stderr.write(`building ${module} once, into .local/gobin …\n`);
    const env = { ...testEnvironment(), GOBIN: ownFolder };
    await run("go", ["install", module], { env, timeout: buildMs }).catch((error: Error) => {
      fault = ` (${error.message.split("\n")[0] ?? ""})`;
    });
    const built = await installed();
    if (built !== undefined) return built;
  }
  process.stderr.write(
    `the S3 store is not tested: there is no versitygw${fault}. ` +
      `GOBIN=$PWD/.local/gobin go install ${module} makes it\n`,
  );
  return undefined;
}

async function installed(): Promise<string | undefined> {
  for (const program of [join(ownFolder, "versitygw"), "versitygw"]) {
    const version = await run(program, ["--version"]).catch(() => undefined);
    if (version !== undefined) return program;
  }
  return undefined;
}

/** A real S3 server over an empty folder with one bucket, ended after the test. */
export async function startS3Server(program: string, bucket: string): Promise<S3Client> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-s3-"));
  const port = await freePort();
  const { accessKeyId, secretAccessKey } = s3Credentials;
  const keys = ["--access", accessKeyId, "--secret", secretAccessKey];
  const child = spawn(program, ["--port", `127.0.0.1:${port}`, ...keys, "posix", folder], {
    stdio: "ignore",
  });
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: s3Credentials,
  });
  onTestFinished(async () => {
    client.destroy();
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.kill()) await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const made = async (): Promise<boolean> => {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return true;
  };
  await until(made, { describe: "a bucket", deadlineMs: 60_000 });
  return client;
}
