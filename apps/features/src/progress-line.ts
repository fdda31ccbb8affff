import { featuresLimits } from "./limits.ts";

/** What the command reports to: a terminal, or a test. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** One line that says how far a long step is; a log without a terminal gets each step and its end only. */
export interface ProgressLine {
  step(text: string): void;
  /** @param remaining undefined when it is not known. */
  show(done: number, remaining?: number): void;
  end(): void;
}

const barWidth = 24;

export function createProgressLine(screen: Screen): ProgressLine {
  let startMs = performance.now();
  let drawnMs = 0;
  let line = "";
  const end = (): void => {
    if (line !== "") screen.write(`${screen.isTTY === true ? "\r" : ""}${line}\n`);
    line = "";
  };
  return {
    step(text) {
      end();
      screen.write(`${text}\n`);
      startMs = performance.now();
    },
    show(done, remaining) {
      const nowMs = performance.now();
      line = progressText({ done, remaining, seconds: (nowMs - startMs) / 1_000 });
      if (screen.isTTY !== true || nowMs - drawnMs < featuresLimits.drawMs) return;
      drawnMs = nowMs;
      screen.write(`\r${line}`);
    },
    end,
  };
}

function progressText(at: {
  readonly done: number;
  readonly remaining: number | undefined;
  readonly seconds: number;
}): string {
  const { done, remaining } = at;
  const perSecond = done / Math.max(0.001, at.seconds);
  const counted = `${done.toLocaleString("en")} events, ${Math.round(perSecond).toLocaleString("en")}/s`;
  if (remaining === undefined) return `  ${counted}, ${at.seconds.toFixed(1)} s`;
  const filled = Math.round((done / Math.max(1, done + remaining)) * barWidth);
  const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
  const left = remaining === 0 ? "done" : `${Math.ceil(remaining / Math.max(1, perSecond))} s left`;
  return `  ${bar} ${counted}, ${left}   `;
}
