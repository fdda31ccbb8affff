const words = new Set([
  "and",
  "or",
  "unless",
  "on",
  "ignoring",
  "group_left",
  "group_right",
  "offset",
  "bool",
]);

/** The names of the series that a PromQL expression reads. */
export function metricsIn(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/"(?:[^"\\]|\\.)*"/gu, "")
    .replaceAll(/\{[^}]*\}/gu, "")
    .replaceAll(/\[[^\]]*\]/gu, "")
    .replaceAll(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/gu, "")
    .replaceAll(/\boffset\s+\w+/gu, "");
  const names = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/gu)].filter((match) => {
    const before = bare[match.index - 1] ?? " ";
    const after = bare.slice(match.index + match[0].length).trimStart();
    return !/[\w.$]/u.test(before) && !after.startsWith("(");
  });
  return [...new Set(names.map(([name]) => name).filter((name) => !words.has(name)))];
}
