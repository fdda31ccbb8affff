/** Reports what is wrong at a path (RFC 6901) of a value of unknown origin. */
export type Check = (value: unknown, path: string, report: (path: string, message: string) => void) => void;

export const anything: Check = () => {};

export const text: Check = (value, path, report) => {
  if (typeof value !== "string" || value === "") report(path, "must be a text that is not empty");
};

export const finite: Check = (value, path, report) => {
  if (typeof value !== "number" || !Number.isFinite(value)) report(path, "must be a number");
};

export const whole: Check = (value, path, report) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    report(path, "must be a whole number from 0 on");
  }
};

export function oneOf(...values: readonly string[]): Check {
  return (value, path, report) => {
    if (!values.includes(value as string)) report(path, `must be ${values.join(" or ")}`);
  };
}

export function nullable(check: Check): Check {
  return (value, path, report) => {
    if (value !== null) check(value, path, report);
  };
}

export function listOf(check: Check): Check {
  return (value, path, report) => {
    if (!Array.isArray(value)) {
      report(path, "must be a list");
      return;
    }
    value.forEach((item, index) => check(item, `${path}/${index}`, report));
  };
}

/** Exactly these keys. */
export function record(checks: Readonly<Record<string, Check>>): Check {
  return (value, path, report) => {
    const entries = entriesOf(value, path, report);
    for (const key of entries.keys()) {
      if (!Object.hasOwn(checks, key)) report(pathTo(path, key), "is not known");
    }
    if (value === null || typeof value !== "object" || Array.isArray(value)) return;
    for (const [key, check] of Object.entries(checks)) {
      if (entries.has(key)) check(entries.get(key), pathTo(path, key), report);
      else report(pathTo(path, key), "is missing");
    }
  };
}

/** Any keys, values of one kind. */
export function recordOf(check: Check): Check {
  return (value, path, report) => {
    for (const [key, item] of entriesOf(value, path, report)) check(item, pathTo(path, key), report);
  };
}

function entriesOf(
  value: unknown,
  path: string,
  report: (path: string, message: string) => void,
): ReadonlyMap<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return new Map(Object.entries(value));
  report(path, "must be an object");
  return new Map();
}

function pathTo(path: string, key: string): string {
  return `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
