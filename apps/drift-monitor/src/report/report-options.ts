import { parseArgs } from "node:util";

export interface ReportOptions {
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly model: string | undefined;
  readonly api: string;
  readonly outputFolder: string;
}

export const reportUsage = `npm run drift-report -- --from TIME --to TIME [options]
  --from TIME           windows that end after it: 2026-03-01 or 2026-03-01T12:00:00Z
  --to TIME             and begin before it
  --model NAME@vN       default: the model version with the latest verdict
  --api URL             the monitor's (default http://127.0.0.1:8082); its key is TOLLGATE_DRIFT_API_KEY
  --output FOLDER       default .local/drift-report; gets report.md, report.html and figures`;

/** What the command line has wrong; the message says what it must be. */
export class ReportOptionError extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(`${sentence}\n${reportUsage}`, { cause });
    this.name = "ReportOptionError";
  }
}

export function parseReportOptions(args: readonly string[]): ReportOptions {
  const values = parse(args);
  return {
    from: time("from", values.from),
    to: time("to", values.to),
    model: values.model,
    api: values.api ?? "http://127.0.0.1:8082",
    outputFolder: values.output ?? ".local/drift-report",
  };
}

type Option = "from" | "to" | "model" | "api" | "output";

function parse(args: readonly string[]): Partial<Record<Option, string>> {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { from: text, to: text, model: text, api: text, output: text },
    }).values;
  } catch (error) {
    throw new ReportOptionError((error as Error).message, error);
  }
}

function time(name: string, given: string | undefined): string {
  const atMs = given === undefined ? Number.NaN : Date.parse(given);
  if (!Number.isNaN(atMs)) return new Date(atMs).toISOString();
  throw new ReportOptionError(
    `--${name} is ${given ?? "missing"}: it must be a time such as 2026-03-01T12:00:00Z`,
  );
}
