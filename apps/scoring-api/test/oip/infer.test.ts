import { expect, test } from "vitest";
import { startApi as startApiWith, type ApiSettings, type RunningApi } from "../support/start-api.ts";
import { summingModel, summingSlot } from "../support/summing-slot.ts";
import { testClock } from "../support/test-clock.ts";

/** Its clock stands still: no deadline passes because the machine is slow. */
function startApi(settings: ApiSettings = {}): Promise<RunningApi> {
  return startApiWith({ clock: testClock(), ...settings });
}

const path = "/v2/models/card-payments/infer";
const input = { name: "features", shape: [2, 3], datatype: "FP32" };
const nested = [
  [0.125, 0.25, 0],
  [0.5, 0, 0.25],
];
const scores = [0.375, 0.75];

interface Answer {
  readonly id?: string;
  readonly model_version: string;
  readonly outputs: readonly { readonly data: readonly number[]; readonly shape: readonly number[] }[];
}

async function answerOf(response: Response): Promise<Answer> {
  expect([response.status, response.status === 200 ? "" : await response.text()]).toEqual([200, ""]);
  return (await response.json()) as Answer;
}

/** JSON, then the tensor, as the binary extension sends them. */
function binaryBody(request: object, tensor: Uint8Array): { body: Buffer<ArrayBuffer>; length: string } {
  const json = Buffer.from(JSON.stringify(request));
  return { body: Buffer.concat([json, tensor]), length: String(json.length) };
}

function littleEndian(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes;
}

test("a request in JSON gets its probabilities, flat or nested, and its id back", async () => {
  await using api = await startApi();
  for (const data of [nested, nested.flat()]) {
    const request = { id: "42", inputs: [{ ...input, data }], outputs: [{ name: "probabilities" }] };
    expect(await answerOf(await api.postJson(path, request))).toEqual({
      model_name: "card-payments",
      model_version: "3",
      id: "42",
      outputs: [{ name: "probabilities", datatype: "FP32", shape: [2, 1], data: scores }],
    });
  }
  const versioned = await api.postJson("/v2/models/card-payments/versions/3/infer", {
    inputs: [{ ...input, data: nested }],
  });
  expect("id" in (await answerOf(versioned))).toBe(false);
});

test("a binary tensor is read, and the output is binary where it is asked to be", async () => {
  await using api = await startApi();
  const tensor = littleEndian(nested.flat());
  const inputs = [{ ...input, parameters: { binary_data_size: tensor.length } }];
  for (const request of [
    { id: "odd", inputs, parameters: { binary_data_output: true } },
    { inputs, outputs: [{ name: "probabilities", parameters: { binary_data: true } }] },
  ]) {
    const { body, length } = binaryBody(request, tensor);
    const headers = { "inference-header-content-length": length, "content-type": "application/octet-stream" };
    const response = await api.post(path, body, headers);
    expect(response.status).toBe(200);
    const json = Number(response.headers.get("inference-header-content-length"));
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(JSON.parse(bytes.subarray(0, json).toString())).toMatchObject({
      outputs: [{ datatype: "FP32", shape: [2, 1], parameters: { binary_data_size: 8 } }],
    });
    expect([bytes.readFloatLE(json), bytes.readFloatLE(json + 4)]).toEqual(scores);
  }
  const refusedBinary = { inputs, parameters: { binary_data_output: true } };
  const mixed = {
    ...refusedBinary,
    outputs: [{ name: "probabilities", parameters: { binary_data: false } }],
  };
  const { body, length } = binaryBody(mixed, tensor);
  const answer = await answerOf(await api.post(path, body, { "inference-header-content-length": length }));
  expect(answer.outputs[0]?.data).toEqual(scores);
});

test("a raw body is the one input, and its answer is binary", async () => {
  await using api = await startApi();
  const body = Buffer.from(littleEndian(nested.flat()));
  const response = await api.post(path, body, { "inference-header-content-length": "0" });
  const json = Number(response.headers.get("inference-header-content-length"));
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([bytes.readFloatLE(json), bytes.readFloatLE(json + 4)]).toEqual(scores);
});

const good = { inputs: [{ ...input, data: nested }] };

test.each([
  ["no JSON object", [], "must be a JSON object"],
  ["no inputs", {}, "the one input"],
  ["two inputs", { inputs: [input, input] }, "the one input"],
  ["another name", { inputs: [{ ...input, name: "x" }] }, 'expected "features"'],
  ["another datatype", { inputs: [{ ...input, datatype: "FP64" }] }, 'expected "FP32"'],
  ["another width", { inputs: [{ ...input, shape: [2, 4] }] }, "expected [rows, 3]"],
  ["no shape", { inputs: [{ ...input, shape: "2" }] }, "expected [rows, 3]"],
  ["no rows", { inputs: [{ ...input, shape: [0, 3] }] }, "1 or more"],
  ["half a row", { inputs: [{ ...input, shape: [1.5, 3] }] }, "expected [rows, 3]"],
  ["no data", { inputs: [input] }, 'needs "data"'],
  ["too few values", { inputs: [{ ...input, data: [1, 2] }] }, "has 2 values, its shape needs 6"],
  ["text", { inputs: [{ ...input, data: [1, 2, 3, 4, "5", 6] }] }, "value 4"],
  ["beyond float32", { inputs: [{ ...input, data: [1e39, 2, 3, 4, 5, 6] }] }, "value 0"],
  ["too deep", { inputs: [{ ...input, data: [[[1, 2, 3]], [[4, 5, 6]]] }] }, "has 2 values"],
  ["bytes that are not there", { inputs: [{ ...input, parameters: { binary_data_size: 24 } }] }, "0 bytes"],
  ["another output", { ...good, outputs: [{ name: "label" }] }, 'expected "probabilities"'],
  ["two outputs", { ...good, outputs: [{}, {}] }, "more than the one output"],
  [
    "classes",
    { ...good, outputs: [{ name: "probabilities", parameters: { classification: 1 } }] },
    "classification",
  ],
  ["a sequence", { ...good, parameters: { sequence_id: 7 } }, "sequence_id"],
  ["a negative priority", { ...good, parameters: { priority: -1 } }, "priority"],
  ["a timeout of text", { ...good, parameters: { timeout: "1" } }, "timeout"],
  ["a list as parameter", { ...good, parameters: { mine: [] } }, "must be a string, a number or a boolean"],
  ["a number as id", { ...good, id: 42 }, '"id" must be a string'],
  ["a wish that is no boolean", { ...good, parameters: { binary_data_output: 1 } }, "true or false"],
])("%s is refused with 400 and a message that says so", async (_what, request, message) => {
  await using api = await startApi();
  const response = await api.postJson(path, request);
  const { error } = (await response.json()) as { readonly error: string };
  expect([response.status, error]).toEqual([400, expect.stringContaining(message)]);
});

test("a body that is not what its headers say is refused", async () => {
  await using api = await startApi();
  const tensor = littleEndian(nested.flat());
  const wrong = binaryBody({ inputs: [{ ...input, parameters: { binary_data_size: 20 } }] }, tensor);
  const unclaimed = binaryBody(good, tensor);
  for (const [status, body, headers] of [
    [400, wrong.body, { "inference-header-content-length": wrong.length }],
    [400, unclaimed.body, { "inference-header-content-length": unclaimed.length }],
    [400, wrong.body, { "inference-header-content-length": "999999" }],
    [400, wrong.body, { "inference-header-content-length": "-1" }],
    [400, Buffer.alloc(13), { "inference-header-content-length": "0" }],
    [400, Buffer.alloc(0), { "inference-header-content-length": "0" }],
    [400, Buffer.from("{"), {}],
    [400, Buffer.alloc(0), {}],
    [415, Buffer.from("{}"), { "content-type": "text/plain" }],
    [415, Buffer.from("{}"), { "content-encoding": "gzip" }],
    [413, Buffer.alloc(2_097_153), {}],
  ] as const) {
    const response = await api.post(path, body, headers);
    expect([response.status, Object.keys((await response.json()) as object)]).toEqual([status, ["error"]]);
  }
});

test("more than a thousand rows are refused, and rows are taken from the key's rate", async () => {
  await using api = await startApi({ ratePerSecond: 0.001, burst: 2 });
  const rows = (count: number): object => ({
    inputs: [{ ...input, shape: [count, 3], data: Array.from({ length: count * 3 }, () => 0.1) }],
  });
  expect((await api.postJson(path, rows(1_001))).status).toBe(413);
  expect((await api.postJson(path, rows(2))).status).toBe(200);
  expect((await api.postJson(path, rows(2))).status).toBe(429);
});

test("what the model cannot answer in time is 503 with Retry-After, and a failing model is 500", async () => {
  await using api = await startApi();
  const late = await api.postJson(path, { ...good, parameters: { timeout: 1 } });
  expect([late.status, late.headers.get("retry-after")]).toEqual([503, "1"]);
  const slot = summingSlot();
  await slot.swap(async () => ({
    ...summingModel(5),
    score: () => Promise.reject(new Error("the session is gone")),
  }));
  await using broken = await startApi({ model: slot });
  const failed = await broken.postJson(path, good);
  expect([failed.status, await failed.text()]).toEqual([500, expect.not.stringContaining("session")]);
});

test("a request of low priority is answered too when nothing else waits", async () => {
  await using api = await startApi();
  expect((await api.postJson(path, { ...good, parameters: { priority: 2 } })).status).toBe(200);
});

test("nothing that is inferred becomes a decision", async () => {
  await using api = await startApi();
  await api.postJson(path, good);
  expect(api.decisions.size).toBe(0);
});
