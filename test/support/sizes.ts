import type { RepositoryFile } from "./repository.ts";
import { parseSource } from "./source-code.ts";
import { lineAt, type Violation } from "./violation.ts";

/** What fits on half a screen beside another file. */
const lineColumnsLimit = 110;
/** What can be read without scrolling. */
const functionLinesLimit = 70;
/** One concept a file. */
const fileLinesLimit = 350;

export function checkLineColumns({ path, text }: RepositoryFile): readonly Violation[] {
  return text.split("\n").flatMap((line, index) => {
    const columns = Array.from(line).length;
    if (columns <= lineColumnsLimit) return [];
    return { path, line: index + 1, problem: `has ${columns} columns: break it at ${lineColumnsLimit}` };
  });
}

export function checkFileLines({ path, text }: RepositoryFile): readonly Violation[] {
  const lines = text.replace(/\n$/, "").split("\n").length;
  if (lines <= fileLinesLimit) return [];
  const problem = `has ${lines} lines, more than ${fileLinesLimit}: split it by concept`;
  return [{ path, line: fileLinesLimit + 1, problem }];
}

export function checkFunctionLines(file: RepositoryFile): readonly Violation[] {
  return file.path.endsWith(".py") ? checkPythonFunctions(file) : checkScriptFunctions(file);
}

function checkScriptFunctions({ path, text }: RepositoryFile): readonly Violation[] {
  return parseSource(path, text).functions.flatMap(({ start, end }) => {
    const line = lineAt(text, start);
    return tooLong(path, line, lineAt(text, end) - line + 1);
  });
}

/** A function ends with the last line that is indented deeper than its `def`. */
function checkPythonFunctions({ path, text }: RepositoryFile): readonly Violation[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const indent = /^(\s*)(async\s+)?def\s/.exec(line)?.[1]?.length;
    if (indent === undefined) return [];
    let last = index;
    for (let next = index + 1; next < lines.length; next += 1) {
      const content = lines[next] ?? "";
      if (content.trim() === "") continue;
      if (content.length - content.trimStart().length <= indent && !/^\s*\)/.test(content)) break;
      last = next;
    }
    return tooLong(path, index + 1, last - index + 1);
  });
}

function tooLong(path: string, line: number, lines: number): readonly Violation[] {
  if (lines <= functionLinesLimit) return [];
  const problem = `is a function of ${lines} lines, more than ${functionLinesLimit}: move a step out of it`;
  return [{ path, line, problem }];
}
