import type { ReportBlock, ReportDocument } from "./document.ts";

/** The report as one file: figures inside, no script, nothing fetched. */
export function htmlOf({ title, sections }: ReportDocument): string {
  const body = sections.map(
    (section) =>
      `<section><h2>${escapeText(section.title)}</h2>${section.blocks.map(blockText).join("")}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body><main><h1>${escapeText(title)}</h1>${body.join("\n")}</main></body>
</html>
`;
}

export function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function blockText(block: ReportBlock): string {
  switch (block.kind) {
    case "text":
      return `<p>${escapeText(block.text)}</p>`;
    case "table": {
      const row = (cells: readonly string[], tag: "td" | "th"): string =>
        `<tr>${cells.map((text) => `<${tag}>${escapeText(text)}</${tag}>`).join("")}</tr>`;
      const rows = block.rows.map((cells) => row(cells, "td")).join("");
      const table = `<thead>${row(block.header, "th")}</thead><tbody>${rows}</tbody>`;
      return `<div class="wide"><table>${table}</table></div>`;
    }
    case "figure":
      return `<figure>${block.svg}<figcaption>${escapeText(block.caption)}</figcaption></figure>`;
  }
}

const style = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1f2933; font: 15px/1.55 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .9rem .3rem 0; vertical-align: top; }
th, td { border-bottom: 1px solid #e4e7eb; }
th { color: #52606d; font-weight: 600; white-space: nowrap; }
figure { margin: 1.25rem 0; } figcaption { color: #52606d; font-size: .85rem; }
svg { max-width: 100%; height: auto; display: block; }
`;
