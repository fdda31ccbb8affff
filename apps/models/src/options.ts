import { parseArgs } from "node:util";
import { ModelsError } from "./models-error.ts";

export const usage: string = `npm run models -- COMMAND [options]
  list                            models, versions and aliases
  show REFERENCE                  what a version is, and who signed it
  verify [REFERENCE]              one version; without one every version and the history's chain
  publish --model FILE --manifest FILE [--file NAME=PATH]…
                                  the next version; the manifest without schema, version, file and sha256
  sign REFERENCE                  signs a version's files as they lie there, in place of its signature
  card REFERENCE --out FOLDER     writes its model card: Markdown and CycloneDX 1.6
  keys create                     makes the keys that the keys folder lacks
  alias set NAME ALIAS VERSION    points an alias (champion, challenger, shadow, fallback) to a version
  alias show NAME                 where the aliases point to
  alias history [NAME]            every move, with who, when and why
  who-decided-at NAME ALIAS TIME  the version that the alias named then (2026-11-01T12:00:00Z)
  tag REFERENCE NAME=VALUE        notes a tag of a version
  role IDENTITY ROLES             gives roles: reader, publisher, approver, several with commas; none
                                  takes all of them away
  record REFERENCE                notes a publication that was cut off before it was noted

  --registry PLACE   a folder or s3://bucket/prefix
                     (default: TOLLGATE_MODEL_REGISTRY, else the engagement's models folder)
  --as IDENTITY      who does it and reads (default: TOLLGATE_MODEL_IDENTITY, else the login)
  --why TEXT         the reason; needed where the history is in PostgreSQL
  --head HASH        verify: a head of the chain that was seen earlier and must be in it
  --plain            publish: not encrypted
  --json             the result as one line of JSON

references: name@champion, name@v3, name/3. Settings: docs/models.md.`;

/** A command line that was understood: the command, its arguments, the options. */
export interface ModelsOptions {
  /** One or two words, "alias set". */
  readonly command: string;
  readonly operands: readonly string[];
  readonly registry: string | undefined;
  readonly who: string | undefined;
  readonly why: string | undefined;
  readonly head: string | undefined;
  readonly model: string | undefined;
  readonly manifest: string | undefined;
  readonly files: readonly string[];
  readonly out: string | undefined;
  readonly plain: boolean;
  readonly json: boolean;
}

/** Commands with the least and the most operands each takes. */
const commands: Readonly<Record<string, readonly [number, number]>> = {
  list: [0, 0],
  show: [1, 1],
  verify: [0, 1],
  publish: [0, 0],
  sign: [1, 1],
  card: [1, 1],
  "keys create": [0, 0],
  "alias set": [3, 3],
  "alias show": [1, 1],
  "alias history": [0, 1],
  "who-decided-at": [3, 3],
  tag: [2, 2],
  role: [2, 2],
  record: [1, 1],
};

/** Reads the command line. Throws a {@link ModelsError} that names the fault. */
export function parseOptions(args: readonly string[]): ModelsOptions {
  const { values, positionals } = parse(args);
  const [first = "", second = ""] = positionals;
  const command = `${first} ${second}` in commands ? `${first} ${second}` : first;
  const operands = positionals.slice(command.split(" ").length);
  const bounds = commands[command];
  if (bounds === undefined) {
    throw new ModelsError(`"${positionals.join(" ")}" is no command; there are: ${names()}\n${usage}`);
  }
  const [least, most] = bounds;
  if (operands.length < least || operands.length > most) {
    const expected = least === most ? `${least}` : `${least} or ${most}`;
    throw new ModelsError(`${command} takes ${expected} arguments, ${operands.length} were given\n${usage}`);
  }
  const { registry, as: who, why, head, model, manifest, file, out, plain, json } = values;
  const texts = { registry, who, why, head, model, manifest, out };
  return { command, operands, ...texts, files: file ?? [], plain: plain ?? false, json: json ?? false };
}

type TextOption = "registry" | "as" | "why" | "head" | "model" | "manifest" | "out";

function parse(args: readonly string[]): {
  readonly values: { readonly [Option in TextOption]: string | undefined } & {
    readonly file: readonly string[] | undefined;
    readonly plain: boolean | undefined;
    readonly json: boolean | undefined;
  };
  readonly positionals: readonly string[];
} {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const texts = { registry: text, as: text, why: text, head: text, model: text, manifest: text, out: text };
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...texts, file: { ...text, multiple: true }, plain: flag, json: flag },
    });
    const { registry, as, why, head, model, manifest, out, file, plain, json } = values;
    return { values: { registry, as, why, head, model, manifest, out, file, plain, json }, positionals };
  } catch (error) {
    throw new ModelsError(`${(error as Error).message}\n${usage}`, error);
  }
}

function names(): string {
  return Object.keys(commands).join(", ");
}
