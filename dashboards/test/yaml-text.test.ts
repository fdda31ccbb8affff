import { expect, test } from "vitest";
import { jsonText } from "../src/files/json-text.ts";
import { yamlText } from "../src/files/yaml-text.ts";

test("texts that YAML would take for something else are quoted", () => {
  expect(yamlText({ a: "true", b: "5m", c: "plain", d: 'x="y"', e: 'it\'s "so"', f: "" })).toBe(
    'a: "true"\nb: "5m"\nc: plain\nd: \'x="y"\'\ne: "it\'s \\"so\\""\nf: ""\n',
  );
});

test("several lines become a block, lists of objects are indented, what is undefined is left out", () => {
  expect(yamlText({ list: [{ expr: "a\nand b", for: undefined, of: [] }] })).toBe(
    "list:\n  - expr: |-\n      a\n      and b\n    of: []\n",
  );
});

test("JSON keeps short lists on one line and says the same as before", () => {
  const value = { a: [1, 2, "x"], b: [{ c: [] }, {}], d: undefined, e: ["long".repeat(30), "x"] };
  expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
  expect(jsonText(value)).toContain('  "a": [1, 2, "x"],\n');
});
