import { spawn } from "node:child_process";
import { z } from "zod";
import { canonicalJson, type JsonValue } from "./canonical-json.ts";
import { ModelRegistryError } from "./errors.ts";
import { keyBytes, type KeyManagement } from "./key-management.ts";
import { modelRegistryLimits } from "./limits.ts";

const wrappedAnswer = z.strictObject({ keyId: z.string().min(1).max(512), wrapped: z.base64() });
const unwrappedAnswer = z.strictObject({ dataKey: z.base64() });

/**
 * Key management by a program, which talks to whatever holds the key: a cloud's service, Vault, an HSM. It is
 * started once for each file with `wrap` or `unwrap` as its argument, gets one line of JSON and answers with
 * one (docs/specs/model-manifest.md). The key that wraps never enters this process.
 * @param command the program's path; it is run without a shell.
 */
export function commandKeyManagement(command: string): KeyManagement {
  return {
    async wrap(dataKey, context) {
      const request = { context, dataKey: Buffer.from(dataKey).toString("base64") };
      const { keyId, wrapped } = await ask(command, { action: "wrap", request, answer: wrappedAnswer });
      return { keyId, wrapped: Buffer.from(wrapped, "base64") };
    },
    async unwrap({ keyId, wrapped }, context) {
      const request = { context, keyId, wrapped: Buffer.from(wrapped).toString("base64") };
      const { dataKey } = await ask(command, { action: "unwrap", request, answer: unwrappedAnswer });
      const key = Buffer.from(dataKey, "base64");
      if (key.length === keyBytes) return key;
      const detail = `${command} gave a data key of ${key.length} bytes for key ${keyId}, not ${keyBytes}`;
      throw new ModelRegistryError("MODEL_DECRYPTION_FAILED", detail);
    },
  };
}

interface Question<Answer> {
  readonly action: "wrap" | "unwrap";
  readonly request: Readonly<Record<string, JsonValue>>;
  readonly answer: z.ZodType<Answer>;
}

async function ask<Answer>(command: string, question: Question<Answer>): Promise<Answer> {
  const { action, request, answer } = question;
  const { exitCode, output, complaint } = await run(command, action, `${canonicalJson(request)}\n`);
  const code = action === "wrap" ? "MODEL_KEY_MISSING" : "MODEL_DECRYPTION_FAILED";
  if (exitCode !== 0) {
    throw new ModelRegistryError(code, `${command} ${action} ended with ${exitCode}: ${complaint}`);
  }
  try {
    return answer.parse(JSON.parse(output));
  } catch (error) {
    throw new ModelRegistryError(code, `${command} ${action} did not answer as it should`, error);
  }
}

interface Ended {
  /** Of the process, or the signal that ended it. */
  readonly exitCode: number | string | null;
  readonly output: string;
  readonly complaint: string;
}

function run(command: string, action: string, input: string): Promise<Ended> {
  const { keyCommandMs: timeout, keyCommandBytes } = modelRegistryLimits;
  return new Promise((resolve, reject) => {
    const child = spawn(command, [action], { stdio: ["pipe", "pipe", "pipe"], timeout });
    let output = "";
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.length > keyCommandBytes) child.kill();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = `${complaint}${text}`.slice(-modelRegistryLimits.textLength);
    });
    child.once("error", (error) => {
      reject(new ModelRegistryError("MODEL_KEY_UNUSABLE", `${command} cannot be started`, error));
    });
    child.once("close", (exitCode, signal) =>
      resolve({ exitCode: exitCode ?? signal, output, complaint: complaint.trim() }),
    );
    // A program that ends without reading is told of by its exit code.
    child.stdin.on("error", () => {}).end(input);
  });
}
