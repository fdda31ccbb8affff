/** A report as its parts, before it becomes Markdown or HTML. */
export interface ReportDocument {
  readonly title: string;
  readonly sections: readonly ReportSection[];
}

export interface ReportSection {
  readonly title: string;
  readonly blocks: readonly ReportBlock[];
}

export type ReportBlock =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "table";
      readonly header: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  /** `name` becomes a file's name; `caption` is also what a screen reader says. */
  | { readonly kind: "figure"; readonly name: string; readonly caption: string; readonly svg: string };
