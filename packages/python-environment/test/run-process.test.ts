import { expect, test } from "vitest";
import { runProcess } from "../src/index.ts";

const node = process.execPath;

test("what a process writes is passed on and kept, with its exit code", async () => {
  const heard: string[] = [];
  const program = "console.log('out'); console.error('wrong'); process.exitCode = 3";
  const ended = await runProcess(node, ["-e", program], { onOutput: (text) => heard.push(text) });
  expect(ended.exitCode).toBe(3);
  expect(ended.output).toContain("out\n");
  expect(ended.output).toContain("wrong\n");
  expect(heard.join("")).toBe(ended.output);
});

test("a process that runs longer than its limit is ended", async () => {
  const ended = await runProcess(node, ["-e", "setInterval(() => {}, 1000)"], { limitMs: 200 });
  expect(ended.exitCode).toBeNull();
});

test("a program that is not there is an error", async () => {
  await expect(runProcess("no-such-program", [])).rejects.toThrow("ENOENT");
});
