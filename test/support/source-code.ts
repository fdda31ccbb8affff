import { parseSync } from "oxc-parser";

/** A function in a source file, from the line it begins on to the line it ends on. */
export interface FunctionSpan {
  readonly start: number;
  readonly end: number;
}

/** A TypeScript or JavaScript file, with what is code and what is comment told apart. */
export interface SourceCode {
  /** The text with comments and the insides of strings blanked; every offset stays where it was. */
  readonly code: string;
  /** The text with everything but comments blanked. */
  readonly comments: string;
  readonly functions: readonly FunctionSpan[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const functionTypes = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

export function parseSource(path: string, text: string): SourceCode {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const strings: Node[] = [];
  const functions: Node[] = [];
  visit(program, (node, parent) => {
    if (isText(node) && parent?.type !== "ImportDeclaration") strings.push(node);
    if (functionTypes.has(node.type) && !isDescribeBody(parent, text)) functions.push(node);
  });
  return {
    code: blank(text, [...comments, ...strings]),
    comments: keepOnly(text, comments),
    functions: functions.map(({ start, end }) => ({ start, end })),
  };
}

/** A test suite's body is a list of tests, not a function that someone has to hold in the head. */
function isDescribeBody(parent: Node | undefined, text: string): boolean {
  return parent?.type === "CallExpression" && text.startsWith("describe", parent.start);
}

function isText(node: Node & { readonly value?: unknown }): boolean {
  return node.type === "TemplateElement" || (node.type === "Literal" && typeof node.value === "string");
}

function visit(value: unknown, onNode: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, onNode, parent);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const node = isNode(value) ? value : undefined;
  if (node !== undefined) onNode(node, parent);
  for (const child of Object.values(value)) visit(child, onNode, node ?? parent);
}

function isNode(value: object): value is Node {
  return "type" in value && "start" in value && typeof value.type === "string";
}

function blank(text: string, spans: readonly { readonly start: number; readonly end: number }[]): string {
  const units = text.split("");
  for (const { start, end } of spans) {
    for (let index = start; index < end; index += 1) if (units[index] !== "\n") units[index] = " ";
  }
  return units.join("");
}

function keepOnly(text: string, spans: readonly { readonly start: number; readonly end: number }[]): string {
  const units = text.replaceAll(/[^\n]/g, " ").split("");
  for (const { start, end } of spans) {
    for (let index = start; index < end; index += 1) units[index] = text.charAt(index);
  }
  return units.join("");
}
