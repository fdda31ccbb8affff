import { serviceTitles } from "./service-name.ts";
import type { StackProgress } from "./start-stack.ts";

const signs: Readonly<Record<StackProgress["state"], string>> = {
  fetching: "↓",
  starting: "…",
  "port-busy": "!",
  ready: "✓",
  reused: "✓",
  failed: "✗",
  exported: "✓",
  "not-exported": "–",
};

/** One line of a starting stack, for a person. */
export function progressLine(progress: StackProgress): string {
  const seconds = (progress.elapsedMs / 1000).toFixed(1).padStart(5);
  const title = serviceTitles[progress.service].padEnd(10);
  return `${signs[progress.state]} ${seconds} s  ${title}  ${progress.state}: ${progress.detail}`;
}
