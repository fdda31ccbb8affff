import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("support/app-child.ts", import.meta.url));

interface Line {
  readonly event?: string;
  readonly to?: string;
  readonly message?: string;
}

/** Runs the app, shows each of its lines to `react`, and tells all of them and its exit code at the end. */
async function runChild(
  args: readonly string[],
  react: (line: Line, signal: (name: NodeJS.Signals) => void) => void = () => {},
): Promise<{ readonly lines: readonly string[]; readonly exitCode: number | null }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    if (line.startsWith("{")) react(JSON.parse(line) as Line, (name) => child.kill(name));
  }
  return { lines, exitCode: await exited };
}

test("SIGUSR2 turns debug lines on, and off again", async () => {
  const levels: (string | undefined)[] = [];
  const { exitCode } = await runChild([], ({ event, to }, signal) => {
    if (event === "log-level-changed") levels.push(to);
    if (event === "started" || levels.length === 1) signal("SIGUSR2");
    if (levels.length === 2) signal("SIGTERM");
  });
  expect(levels).toEqual(["debug", "info"]);
  expect(exitCode).toBe(0);
});

test("an error nobody caught, and a start that failed, tell no address", async () => {
  for (const behaviour of ["throws", "fails"]) {
    const { lines, exitCode } = await runChild([behaviour, "refused by 203.0.113.77:6379"]);
    const text = lines.join("\n");
    expect(text).toContain("refused by [redacted]:6379");
    expect(text).not.toContain("203.0.113.77");
    expect(exitCode).toBe(1);
  }
});
