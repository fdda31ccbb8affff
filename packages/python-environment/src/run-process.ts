import { spawn } from "node:child_process";

/** How a process ended, and what it wrote to standard output and error. */
export interface FinishedProcess {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a command to its end. Rejects when it cannot be started; Ctrl-C reaches it through the terminal. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly onOutput?: (text: string) => void;
    /** Ended when it runs longer; without it, never. */
    readonly limitMs?: number;
  } = {},
): Promise<FinishedProcess> {
  return new Promise((resolve, reject) => {
    const { cwd, limitMs } = options;
    const child = spawn(command, args, { cwd, timeout: limitMs, stdio: ["ignore", "pipe", "pipe"] });
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
