/** What a generated YAML file can hold. */
export type YamlValue =
  | string
  | number
  | boolean
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue | undefined };

/** Block style; a text of one word stays bare, a long one gets a block of its own, others are quoted. */
export function yamlText(value: YamlValue): string {
  return `${blockLines(value).join("\n")}\n`;
}

function blockLines(value: YamlValue): readonly string[] {
  if (isList(value)) return value.flatMap((item) => indented("- ", blockLines(item)));
  if (typeof value !== "object") return scalarLines(value);
  return Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : entryLines(key, item)));
}

function entryLines(key: string, item: YamlValue): readonly string[] {
  if (typeof item !== "object") {
    const [first = "", ...rest] = scalarLines(item);
    return [`${key}: ${first}`, ...rest];
  }
  const nested = blockLines(item);
  if (nested.length === 0) return [`${key}: ${isList(item) ? "[]" : "{}"}`];
  return [`${key}:`, ...nested.map((line) => `  ${line}`)];
}

function indented(mark: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${index === 0 ? mark : " ".repeat(mark.length)}${line}`);
}

const longText = 60;

function scalarLines(value: string | number | boolean): readonly string[] {
  if (typeof value !== "string") return [String(value)];
  if (/^[A-Za-z][\w./-]*$/u.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n)$/iu.test(value)) {
    return [value];
  }
  if (value.includes("\n") || value.length > longText) {
    return ["|-", ...value.split("\n").map((line) => `  ${line}`)];
  }
  // The house format escapes as little as possible.
  return [value.includes('"') && !value.includes("'") ? `'${value}'` : JSON.stringify(value)];
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}
