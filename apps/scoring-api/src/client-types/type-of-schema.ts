import type { JsonSchema } from "../routes/openapi/schemas.ts";

/** A schema as the text of a TypeScript type; everything in it is read-only. */
export function typeOfSchema(schema: JsonSchema): string {
  const { $ref, type, properties, items, additionalProperties } = schema;
  if ($ref !== undefined) return $ref.slice($ref.lastIndexOf("/") + 1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return union(choices.map(typeOfSchema));
  if (typeof type === "object") return union(type.map((one) => typeOfSchema({ ...schema, type: one })));
  if (type === "array") return `readonly ${itemTypeOf(items ?? {})}[]`;
  if (type !== "object") return plainTypes[type ?? ""] ?? "unknown";
  if (properties !== undefined) return `{\n${fieldsOf(schema)}\n}`;
  const value = typeof additionalProperties === "object" ? typeOfSchema(additionalProperties) : "unknown";
  return `Readonly<Record<string, ${value}>>`;
}

function itemTypeOf(items: JsonSchema): string {
  const isUnion = (items.enum ?? items.oneOf ?? items.anyOf) !== undefined || typeof items.type === "object";
  return isUnion ? `(${typeOfSchema(items)})` : typeOfSchema(items);
}

const plainTypes: Readonly<Record<string, string>> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  null: "null",
};

function union(types: readonly string[]): string {
  return [...new Set(types)].join(" | ");
}

/** An object's properties, one a line. */
export function fieldsOf({ properties = {}, required = [] }: JsonSchema): string {
  const fields = Object.entries(properties).map(([name, property]) => {
    const mark = required.includes(name) ? "" : "?";
    const key = /^[A-Za-z_]\w*$/u.test(name) ? name : JSON.stringify(name);
    return `${commentOf(property, "  ")}readonly ${key}${mark}: ${typeOfSchema(property)};`;
  });
  return fields.join("\n");
}

const widestComment = 100;

/** The description as a comment, with a line end after it; nothing where there is none. */
export function commentOf({ description }: Pick<JsonSchema, "description">, indent = ""): string {
  if (description === undefined) return "";
  const safe = description.replaceAll("*/", "* /");
  if (safe.length + indent.length <= widestComment) return `/** ${safe} */\n`;
  const lines: string[] = [];
  for (const word of safe.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= widestComment - indent.length) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return `/**\n${lines.map((line) => ` * ${line}\n`).join("")} */\n`;
}
