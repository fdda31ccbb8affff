/** What the command reports to: a terminal, or a test. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** One line that says how far a long step is; a log without a terminal gets its end only. */
export interface ProgressBar {
  show(done: number): void;
  end(done: number): void;
}

const barWidth = 30;

export function createProgressBar(title: string, total: number, output: Screen): ProgressBar {
  const startMs = performance.now();
  const line = (done: number): string => {
    const seconds = Math.max(0.001, (performance.now() - startMs) / 1000);
    const filled = Math.round((Math.min(done, total) / total) * barWidth);
    const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
    const rate = Math.round(done / seconds).toLocaleString("en");
    return `${title} ${bar} ${done.toLocaleString("en")} rows, ${rate} rows/s, ${seconds.toFixed(1)} s`;
  };
  return {
    show(done) {
      if (output.isTTY === true) output.write(`\r${line(done)}`);
    },
    end(done) {
      output.write(`${output.isTTY === true ? "\r" : ""}${line(done)}\n`);
    },
  };
}
