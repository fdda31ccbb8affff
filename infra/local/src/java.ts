import { findExecutable, probe } from "./run-tool.ts";

/** Kafka 4 brokers need Java 17. */
export const minimumJavaMajor = 17;

/** The Java runtime on PATH that is new enough, else why there is none. */
export function findJava(searchPath: string): { readonly path: string } | { readonly obstacle: string } {
  const path = findExecutable("java", searchPath);
  if (path === undefined) return { obstacle: `java is not on PATH (${minimumJavaMajor} or newer is needed)` };
  const text = probe([path, "-version"]) ?? "";
  const major = Number(/version "(\d+)/.exec(text)?.[1] ?? 0);
  if (major >= minimumJavaMajor) return { path };
  return { obstacle: `java on PATH is too old (${text}; ${minimumJavaMajor} or newer is needed)` };
}
