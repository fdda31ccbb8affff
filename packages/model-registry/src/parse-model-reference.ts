import { ModelRegistryError } from "./errors.ts";
import { modelRegistryLimits } from "./limits.ts";
import { modelNamePattern } from "./model-manifest.ts";

/** A model by its version, or by an alias that points to one. */
export type ModelSelector =
  | { readonly name: string; readonly version: number }
  | { readonly name: string; readonly alias: string };

/** An alias never looks like a version, so that a reference has one meaning. */
const aliasPattern = /^(?!v\d+$)[a-z][a-z0-9-]{0,31}$/u;
const versionPattern = /^[1-9]\d{0,8}$/u;

/** Understands `name@champion`, `name@v3` and `name/3`. Throws MODEL_REFERENCE_INVALID. */
export function parseModelReference(reference: string): ModelSelector {
  const [, name = "", separator = "", selector = ""] = /^([^@/]*)([@/])(.*)$/u.exec(reference) ?? [];
  if (modelNamePattern.test(name)) {
    const digits = separator === "@" ? selector.replace(/^v(?=\d)/u, "") : selector;
    const isVersion = separator === "/" || digits !== selector;
    if (isVersion && versionPattern.test(digits)) return { name, version: Number(digits) };
    if (!isVersion && isAlias(selector)) return { name, alias: selector };
  }
  throw new ModelRegistryError(
    "MODEL_REFERENCE_INVALID",
    `"${reference}" must be name@alias, name@v3 or name/3, with a name such as card-payments`,
  );
}

/** Throws MODEL_REFERENCE_INVALID for what cannot be an alias. */
export function assertAlias(alias: string): void {
  if (isAlias(alias)) return;
  const detail = `"${alias}" cannot be an alias: write small letters, digits and -, not v and a number`;
  throw new ModelRegistryError("MODEL_REFERENCE_INVALID", detail);
}

/** Throws MODEL_REFERENCE_INVALID for what cannot be a tag. */
export function assertTag({ name, value }: { readonly name: string; readonly value: string }): void {
  const length = modelRegistryLimits.textLength;
  if (/^[a-z][a-z0-9_-]{0,63}$/u.test(name) && value.length > 0 && value.length <= length) return;
  const detail = `"${name}=${value}" cannot be a tag: a name of small letters, a value of 1 to ${length}`;
  throw new ModelRegistryError("MODEL_REFERENCE_INVALID", detail);
}

function isAlias(alias: string): boolean {
  return aliasPattern.test(alias);
}
