/**
 * A real ONNX model made byte by byte: `probabilities = sigmoid(features × weights)`, one score a row.
 * ONNX is protobuf: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto names the field numbers below.
 */
export function tinyOnnxModel(weights: readonly number[], outputName = "probabilities"): Uint8Array {
  return onnxModel({
    inputSize: weights.length,
    outputName,
    nodes: [
      ["MatMul", ["features", "weights"], "logits"],
      ["Sigmoid", ["logits"], outputName],
    ],
    weights: [{ name: "weights", rows: weights.length, columns: 1, values: weights }],
  });
}

/** Weights of a network with one hidden layer, without a bias. */
export interface NeuralWeights {
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** `inputSize × hiddenSize`, row by row. */
  readonly hidden: readonly number[];
  readonly output: readonly number[];
}

/** `probabilities = sigmoid(relu(features × hidden) × output)`: operators that a GPU's provider has. */
export function neuralOnnxModel({ inputSize, hiddenSize, hidden, output }: NeuralWeights): Uint8Array {
  return onnxModel({
    inputSize,
    outputName: "probabilities",
    nodes: [
      ["MatMul", ["features", "hidden"], "sums"],
      ["Relu", ["sums"], "activations"],
      ["MatMul", ["activations", "output"], "logits"],
      ["Sigmoid", ["logits"], "probabilities"],
    ],
    weights: [
      { name: "hidden", rows: inputSize, columns: hiddenSize, values: hidden },
      { name: "output", rows: hiddenSize, columns: 1, values: output },
    ],
  });
}

interface Weights {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

function onnxModel(model: {
  readonly inputSize: number;
  readonly outputName: string;
  readonly nodes: readonly (readonly [operator: string, inputs: readonly string[], output: string])[];
  readonly weights: readonly Weights[];
}): Uint8Array {
  const graph = message(
    ...model.nodes.map(([operator, inputs, output]) => bytesField(1, node(operator, inputs, output))),
    textField(2, "tiny"),
    ...model.weights.map((weights) => bytesField(5, weightTensor(weights))),
    bytesField(11, tensorType("features", model.inputSize)),
    bytesField(12, tensorType(model.outputName, 1)),
  );
  const operatorSet = message(textField(1, ""), numberField(2, 17));
  return message(numberField(1, 8), bytesField(7, graph), bytesField(8, operatorSet));
}

const float32 = 1;

function node(operator: string, inputs: readonly string[], output: string): Uint8Array {
  const inputFields = inputs.map((input) => textField(1, input));
  return message(...inputFields, textField(2, output), textField(4, operator));
}

function weightTensor({ name, rows, columns, values }: Weights): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * 4);
  const shape = [...varint(rows), ...varint(columns)];
  const dimensions = bytesField(1, Uint8Array.from(shape));
  return message(dimensions, numberField(2, float32), textField(8, name), bytesField(9, bytes));
}

/** A float32 tensor of any number of rows. */
function tensorType(name: string, columns: number): Uint8Array {
  const anyRows = bytesField(1, textField(2, "rows"));
  const shape = message(anyRows, bytesField(1, numberField(1, columns)));
  const tensor = message(numberField(1, float32), bytesField(2, shape));
  return message(textField(1, name), bytesField(2, bytesField(1, tensor)));
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(fields));
}

function numberField(number: number, value: number): Uint8Array {
  return Uint8Array.of(number << 3, ...varint(value));
}

function textField(number: number, text: string): Uint8Array {
  return bytesField(number, new TextEncoder().encode(text));
}

function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return message(Uint8Array.of((number << 3) | 2, ...varint(bytes.length)), bytes);
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
