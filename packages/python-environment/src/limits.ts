/** Every limit of this package, in one place. Each has the reason for its number. */
export const pythonEnvironmentLimits = {
  /** A gigabyte of packages from a slow index; most environments take a minute. */
  installMs: 900_000,
  /** Of pip's lines, these many last ones say what went wrong. */
  pipLinesShown: 12,
} as const;
