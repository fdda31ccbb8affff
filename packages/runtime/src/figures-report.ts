import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";

/** The last line that a command with `--json` prints: its figures, and where they were taken. */
export interface FiguresReport {
  readonly command: string;
  /** The commit that ran; null outside of a git checkout. */
  readonly commit: string | null;
  readonly machine: {
    readonly cores: number;
    readonly processor: string;
    readonly memoryGiB: number;
    readonly node: string;
  };
  readonly figures: Readonly<Record<string, unknown>>;
  readonly passed: boolean;
}

/** @param run.folder any folder of the checkout. */
export function figuresReport(run: {
  readonly command: string;
  readonly folder: string;
  readonly figures: Readonly<Record<string, unknown>>;
  readonly passed: boolean;
}): FiguresReport {
  const { command, folder, figures, passed } = run;
  const machine = {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? "",
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  return { command, commit: commitOf(folder), machine, figures, passed };
}

function commitOf(folder: string): string | null {
  const result = spawnSync("git", ["rev-parse", "HEAD"], { cwd: folder, encoding: "utf8" });
  return result.status === 0 ? result.stdout.trim() : null;
}
