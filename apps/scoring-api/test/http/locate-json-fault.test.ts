import { expect, test } from "vitest";
import { locateJsonFault } from "../../src/http/locate-json-fault.ts";

const cases: readonly (readonly [string, number])[] = [
  ["{", 2],
  ["[1,]", 4],
  ["[1 2]", 4],
  ['{"a" 1}', 6],
  ['{"a":}', 6],
  ['{"a":1,}', 8],
  ['{"a":1]', 7],
  ["[1}", 3],
  ["01", 2],
  ["-", 1],
  ["1.", 2],
  ["+1", 1],
  ["tru", 1],
  ['"\\x"', 2],
  ['"\\u12g4"', 2],
  ['"a\tb"', 3],
  ['"abc', 5],
  ["[]]", 3],
  ["   ", 4],
];

test("the place is that of the first character that cannot stand there", () => {
  for (const [text, column] of cases) {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect([text, locateJsonFault(text)]).toEqual([text, { line: 1, column }]);
  }
});

test("the scanner gets to the end of what JSON.parse accepts", () => {
  const valid = ['{"a":[1,-2.5e+3,true,false,null,"\\u00e9\\n\\"é",{}],"b":{"c":[]}}', "0", '""', " [ ] "];
  for (const text of valid) {
    expect(() => JSON.parse(text) as unknown).not.toThrow(SyntaxError);
    expect([text, locateJsonFault(text)]).toEqual([text, { line: 1, column: text.length + 1 }]);
  }
});
