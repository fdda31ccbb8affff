import { cycloneDxModelCard } from "./cyclonedx-model-card.ts";
import { readEvaluation } from "./evaluation-summary.ts";
import { markdownModelCard } from "./markdown-model-card.ts";
import type { ModelManifest } from "./model-manifest.ts";

/**
 * The model card of a version in two forms: `model-card.md` for people, `model-card.cdx.json` (CycloneDX 1.6)
 * for programs. The same manifest and evaluation give the same bytes.
 * @param evaluation content of `evaluation.json`, where there is one.
 */
export function modelCardFiles(
  manifest: ModelManifest,
  evaluation: Uint8Array | undefined,
): ReadonlyMap<string, Uint8Array> {
  const summary = evaluation === undefined ? undefined : readEvaluation(evaluation);
  const encoder = new TextEncoder();
  const json = `${JSON.stringify(cycloneDxModelCard(manifest, summary), undefined, 2)}\n`;
  return new Map([
    ["model-card.md", encoder.encode(markdownModelCard(manifest, summary))],
    ["model-card.cdx.json", encoder.encode(json)],
  ]);
}
