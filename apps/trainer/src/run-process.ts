import { spawn } from "node:child_process";

/** How a process ended, and what it wrote to standard output and error. */
export interface FinishedProcess {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a command to its end. Rejects when it cannot be started; Ctrl-C reaches it through the terminal. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly onOutput?: (text: string) => void } = {},
): Promise<FinishedProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        options.onOutput?.(text);
      });
    }
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, output }));
  });
}
