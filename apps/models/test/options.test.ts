import { expect, test } from "vitest";
import { ModelsError } from "../src/models-error.ts";
import { parseOptions } from "../src/options.ts";

test("a command of two words takes its arguments and options", () => {
  const args = ["alias", "set", "card-payments", "champion", "3", "--why", "finds more", "--as", "ann"];
  expect(parseOptions(args)).toMatchObject({
    command: "alias set",
    operands: ["card-payments", "champion", "3"],
    why: "finds more",
    who: "ann",
    json: false,
  });
});

test.for([
  { args: ["frobnicate"], says: "is no command" },
  { args: ["alias"], says: "is no command" },
  { args: ["show"], says: "show takes 1 arguments, 0 were given" },
  { args: ["list", "everything"], says: "list takes 0 arguments" },
  { args: ["list", "--unknown"], says: "--unknown" },
])("$args is refused with what is wrong and the usage", ({ args, says }) => {
  expect(() => parseOptions(args)).toThrow(ModelsError);
  expect(() => parseOptions(args)).toThrow(says);
  expect(() => parseOptions(args)).toThrow("npm run models -- COMMAND");
});
