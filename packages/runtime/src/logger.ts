/** Structured logs: one JSON object a line on standard error, machine-readable, without personal data. */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export function jsonLogger(service: string, write: (line: string) => void = writeToStandardError): Logger {
  const log =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      write(`${JSON.stringify({ time: new Date().toISOString(), level, service, event, ...fields })}\n`);
    };
  return { info: log("info"), warn: log("warn"), error: log("error") };
}

export function silentLogger(): Logger {
  const nothing = (): void => {};
  return { info: nothing, warn: nothing, error: nothing };
}

function writeToStandardError(line: string): void {
  process.stderr.write(line);
}
