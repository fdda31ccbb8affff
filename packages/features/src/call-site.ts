const buildersFolder = filePath(new URL("builders/", import.meta.url).href);
const frame = /(?:\(|at )(?:async )?((?:file:\/\/)?[^()]*?):(\d+):\d+\)?$/u;

/** Where a builder was called, as `file:line`: so that an error of a definition can name its line. */
export function callSite(): string {
  const lines = new Error("only for its stack").stack?.split("\n") ?? [];
  for (const line of lines) {
    const match = frame.exec(line);
    const path = match === null ? undefined : filePath(match[1] ?? "");
    if (path === undefined || path.startsWith(buildersFolder) || path.endsWith("/call-site.ts")) continue;
    return `${path}:${match?.[2] ?? "?"}`;
  }
  return "unknown place";
}

function filePath(location: string): string {
  return location.replace(/^file:\/\//u, "").replace(/\?.*$/u, "");
}
