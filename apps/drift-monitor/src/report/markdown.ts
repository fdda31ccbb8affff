import type { ReportBlock, ReportDocument } from "./document.ts";

/** The report with its figures as files in `figures/` beside it. */
export function markdownOf({ title, sections }: ReportDocument): string {
  const parts = sections.map(
    (section) => `## ${section.title}\n\n${section.blocks.map(blockText).join("\n\n")}\n`,
  );
  return `# ${title}\n\n${parts.join("\n")}`;
}

function blockText(block: ReportBlock): string {
  switch (block.kind) {
    case "text":
      return cell(block.text);
    case "table": {
      const lines = [block.header, block.header.map(() => "---"), ...block.rows];
      return lines.map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
    }
    case "figure":
      return `![${cell(block.caption)}](figures/${block.name}.svg)`;
  }
}

/** Text from the log is text, not layout. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#]/gu, (sign) => `\\${sign}`).replaceAll("\n", " ");
}
