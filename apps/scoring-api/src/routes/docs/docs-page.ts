import type { DocumentedFeature, MediaType, OpenApiDocument, Operation } from "../openapi/openapi-types.ts";
import type { JsonSchema } from "../openapi/schemas.ts";
import { docsStyle } from "./docs-style.ts";

/**
 * The API's description as one HTML page: no script, nothing loaded from elsewhere, so that it works offline
 * and behind a strict content policy. The usual viewers bring 1.4 MB of script or more.
 */
export function docsPage(document: OpenApiDocument): string {
  const { info, tags, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<h2>${text(name)}</h2><p>${text(description)}</p>${own.map(operationSection).join("")}`;
  });
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<section id="schema-${text(name)}"><h3>${text(name)}</h3>${schemaBody(schema)}</section>`,
  );
  const navigation = operations.map(
    ({ path, method, operation }) => `<a href="#${operation.operationId}">${badge(method)} ${text(path)}</a>`,
  );
  const names = Object.keys(components.schemas).map((name) => `<a href="#schema-${name}">${text(name)}</a>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${text(info.title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${docsStyle}</style></head><body>
<nav><h1>${text(info.title)}</h1>
<small>version ${text(info.version)} · <a href="/openapi.json">openapi.json</a></small>
${navigation.join("")}<h4>Schemas</h4>${names.join("")}</nav>
<main><p class="lead">${text(info.description)}</p><h2>Keys</h2><p>${securityText(document)}</p>
${sections.join("")}<h2>Schemas</h2>${schemas.join("")}</main></body></html>`;
}

function securityText({ components }: OpenApiDocument): string {
  const ways = Object.values(components.securitySchemes).map(({ description }) => text(description));
  return `Send your API key as ${ways.join(" or ")}. What it may do is said at each path.`;
}

interface PathOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function operationSection({ path, method, operation }: PathOperation): string {
  return `<section id="${operation.operationId}"><h3>${badge(method)}
<code>${text(path)}</code></h3>
<p><strong>${text(operation.summary)}.</strong> ${text(operation.description)}</p>
${parameterTable(operation)}${requestPart({ path, method, operation })}${responseTable(operation)}</section>`;
}

function parameterTable({ parameters = [] }: Operation): string {
  if (parameters.length === 0) return "";
  const rows = parameters.map(({ name, in: place, description, schema }) =>
    row(`<code>${text(name)}</code>`, place, about({ ...schema, description })),
  );
  return `<h4>Parameters</h4>${table(["name", "in", "meaning"], rows)}`;
}

function requestPart({ path, method, operation }: PathOperation): string {
  const bodies = Object.entries(operation.requestBody?.content ?? {}).map(([contentType, media]) => {
    const { example, "x-item-schema": line, "x-example-headers": more = {} } = media;
    const headers = Object.entries({ "Content-Type": contentType, ...more });
    const sent = headers.map(([name, value]) => ` -H '${name}: ${value}'`).join("");
    const body = typeof example === "string" ? example : JSON.stringify(example, null, 2);
    const command =
      `curl -X ${method.toUpperCase()} http://127.0.0.1:8080${path} \\\n` +
      `  -H 'Authorization: Bearer <key>'${sent} \\\n  --data-binary '${body}'`;
    const type = line === undefined ? typeOf(media.schema) : `lines of ${typeOf(line)}`;
    return `<h4>Body: ${type}</h4><pre>${text(command)}</pre>`;
  });
  return bodies.join("");
}

function responseTable({ responses }: Operation): string {
  const rows = Object.entries(responses).map(([status, { description, content = {} }]) => {
    const [media] = Object.values(content);
    const body = media === undefined ? "" : typeOf(media.schema);
    return row(
      `<b class="status${status.charAt(0)}">${status}</b>`,
      body,
      text(description) + examples(media),
    );
  });
  return `<h4>Answers</h4>${table(["status", "body", "meaning"], rows)}`;
}

function examples(media: MediaType | undefined): string {
  if (media?.examples === undefined) return "";
  const details = Object.values(media.examples).map(({ value }) => {
    const { code, detail } = value as { readonly code: string; readonly detail: string };
    return `<li><code>${text(code)}</code> ${text(detail)}</li>`;
  });
  return `<details><summary>what to do</summary><ul>${details.join("")}</ul></details>`;
}

function schemaBody(schema: JsonSchema): string {
  const { description, properties, required = [] } = schema;
  const intro = description === undefined ? "" : `<p>${text(description)}</p>`;
  const { "x-features": features } = schema;
  if (features !== undefined) return intro + featureTable(features);
  if (properties === undefined) return `${intro}<p>${typeOf(schema)}</p>`;
  const rows = Object.entries(properties).map(([name, property]) => {
    const mark = required.includes(name) ? "" : " <i>optional</i>";
    return row(`<code>${text(name)}</code>${mark}`, typeOf(property), about(property));
  });
  return intro + table(["field", "type", "meaning"], rows);
}

function featureTable(features: readonly DocumentedFeature[]): string {
  const rows = features.map(({ name, description, unit }) =>
    row(`<code>${text(name)}</code>`, text(unit), text(description)),
  );
  return table(["feature", "unit", "meaning"], rows);
}

/** The type in a few words, with links to named schemas. */
function typeOf(schema: JsonSchema): string {
  const { $ref, type = "anything", properties } = schema;
  if ($ref !== undefined) {
    const name = text($ref.slice($ref.lastIndexOf("/") + 1));
    return `<a href="#schema-${name}">${name}</a>`;
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return choices.map(typeOf).join(" or ");
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (schema.const !== undefined) return `<code>${text(String(schema.const))}</code>`;
  if (schema.enum !== undefined) return schema.enum.map((value) => `<code>${text(value)}</code>`).join(" ");
  const words = typeof type === "string" ? type : type.join(" or ");
  if (properties === undefined) return text(words);
  const fields = Object.entries(properties).map(
    ([name, field]) => `<code>${text(name)}</code>: ${typeOf(field)}`,
  );
  return `${text(words)} { ${fields.join(", ")} }`;
}

const restrictionNames = {
  format: "format",
  pattern: "pattern",
  minimum: "at least",
  maximum: "at most",
  maxLength: "characters at most",
  default: "default",
} as const;

function about(schema: JsonSchema): string {
  const restrictions = Object.entries(restrictionNames).flatMap(([name, words]) => {
    const value = schema[name as keyof typeof restrictionNames];
    return value === undefined || isTrivial(value) ? [] : [`${words} \`${value}\``];
  });
  const { description } = schema;
  return text([...(description === undefined ? [] : [description]), ...restrictions].join(" · "));
}

/** Limits that say no more than "a JSON integer", and patterns too long to read. */
function isTrivial(value: string | number): boolean {
  if (typeof value === "number") return Math.abs(value) === Number.MAX_SAFE_INTEGER;
  return value.length > 60;
}

function badge(method: string): string {
  return `<b class="${method}">${method.toUpperCase()}</b>`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  return `<table><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr>${rows.join("")}</table>`;
}

function row(...cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

/** Text for HTML; what stands between backticks is shown as code. */
function text(value: string): string {
  const safe = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  return safe.replaceAll(/`([^`]+)`/gu, "<code>$1</code>");
}
