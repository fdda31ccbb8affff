import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, type RepositoryFile } from "./repository.ts";
import { lineAt, type Violation } from "./violation.ts";

const repositoryPath = /`((?:apps|packages|infra|docs|scripts|test|dashboards|loadtests)\/[^`\s]*)`/g;
const relativeLink = /\]\((?!\w+:|#)([^)\s]+)\)/g;
/** `packages/<name>`, `*.ts`, `…`: a pattern for the reader, not a path. */
const placeholder = /[<>*{}…$]|\.\.\./;

/** Every path between backticks and every relative link leads to a file or folder that exists. */
export function checkPaths({ path, text }: RepositoryFile): readonly Violation[] {
  const named = [...text.matchAll(repositoryPath)].map((match) => ({ match, base: root }));
  const linked = [...text.matchAll(relativeLink)].map((match) => ({
    match,
    base: join(root, dirname(path)),
  }));
  return [...named, ...linked].flatMap(({ match, base }) => {
    const target = (match[1] ?? "").replace(/#.*$/, "").replace(/:\d+$/, "");
    if (placeholder.test(target) || existsSync(join(base, target))) return [];
    return { path, line: lineAt(text, match.index), problem: `${target} does not exist: mend or delete it` };
  });
}

/** Decision records are numbered 0001, 0002, … and their heading is the decision, not a topic. */
export function checkDecisionRecords(records: readonly RepositoryFile[]): readonly Violation[] {
  const byNumber = records.toSorted((a, b) => a.path.localeCompare(b.path));
  return byNumber.flatMap(({ path, text }, index) => {
    const number = String(index + 1).padStart(4, "0");
    const problems: Violation[] = [];
    if (!new RegExp(`/${number}-[a-z0-9]+(?:-[a-z0-9]+)*\\.md$`).test(path)) {
      problems.push({ path, line: 1, problem: `is number ${number}: name it ${number}-the-decision.md` });
    }
    const title = /^# (?:ADR )?(?:\d+[.:]? )?(.+)$/.exec(text.split("\n")[0] ?? "")?.[1];
    if (title === undefined || title.endsWith("?") || title.split(" ").length < 4) {
      problems.push({
        path,
        line: 1,
        problem: "begins with a heading that states the decision in a sentence",
      });
    }
    return problems;
  });
}
