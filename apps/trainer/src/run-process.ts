import { spawn } from "node:child_process";

/** How a process ended; `output` holds standard output and error when they were captured. */
export interface FinishedProcess {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a command to its end. Rejects when it cannot be started; Ctrl-C reaches it through the terminal. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly show: boolean },
): Promise<FinishedProcess> {
  return new Promise((resolve, reject) => {
    const stdio = options.show ? "inherit" : "pipe";
    const child = spawn(command, args, { cwd: options.cwd, stdio: ["ignore", stdio, stdio] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, output }));
  });
}
