/** Environment variables as a plain record: `process.env` itself is read only in an app's `config.ts`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads settings and gathers every fault, so that a person fixes a wrong environment in one go. */
export interface ConfigReader {
  string(name: string, defaultValue?: string): string;
  integer(name: string, options: { default?: number; min: number; max: number }): number;
  oneOf<const T extends string>(name: string, options: { default: T; values: readonly T[] }): T;
  boolean(name: string, defaultValue: boolean): boolean;
  optional(name: string): string | undefined;
  /** Throws one {@link ConfigError} naming every fault, or returns when there is none. */
  finish(): void;
}

export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

export function configReader(environment: Environment): ConfigReader {
  const faults: string[] = [];
  const read = (name: string): string | undefined => {
    const value = environment[name];
    return value === undefined || value === "" ? undefined : value;
  };
  return {
    string(name, defaultValue) {
      const value = read(name) ?? defaultValue;
      if (value === undefined) faults.push(`${name} is not set`);
      return value ?? "";
    },
    integer(name, options) {
      const text = read(name);
      const value = text === undefined ? options.default : Number(text);
      if (value === undefined) faults.push(`${name} is not set`);
      else if (!Number.isInteger(value) || value < options.min || value > options.max) {
        faults.push(`${name} is "${text}": it must be a whole number from ${options.min} to ${options.max}`);
      }
      return value ?? options.min;
    },
    oneOf(name, options) {
      const text = read(name) ?? options.default;
      const value = options.values.find((candidate) => candidate === text);
      if (value === undefined)
        faults.push(`${name} is "${text}": it must be one of ${options.values.join(", ")}`);
      return value ?? options.default;
    },
    boolean(name, defaultValue) {
      const text = read(name);
      if (text === undefined) return defaultValue;
      if (text !== "true" && text !== "false") faults.push(`${name} is "${text}": it must be true or false`);
      return text === "true";
    },
    optional: read,
    finish() {
      if (faults.length > 0) throw new ConfigError(faults);
    },
  };
}
