import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { allowClosedPipe } from "../src/index.ts";

test("a reader that closes the pipe is no fault, anything else that cannot be written is", () => {
  const output = new PassThrough();
  allowClosedPipe(output);
  const closed = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
  expect(() => output.emit("error", closed)).not.toThrow();
  expect(() => output.emit("error", new Error("no space left"))).toThrow("no space left");
});
