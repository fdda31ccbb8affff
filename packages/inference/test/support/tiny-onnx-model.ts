/**
 * A real ONNX model made byte by byte: `probabilities = sigmoid(features × weights)`, one score a row.
 * ONNX is protobuf: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto names the field numbers below.
 */
export function tinyOnnxModel(weights: readonly number[], outputName = "probabilities"): Uint8Array {
  const graph = message(
    bytesField(1, node("MatMul", ["features", "weights"], "logits")),
    bytesField(1, node("Sigmoid", ["logits"], outputName)),
    textField(2, "tiny"),
    bytesField(5, weightTensor(weights)),
    bytesField(11, tensorType("features", weights.length)),
    bytesField(12, tensorType(outputName, 1)),
  );
  const operatorSet = message(textField(1, ""), numberField(2, 17));
  return message(numberField(1, 8), bytesField(7, graph), bytesField(8, operatorSet));
}

const float32 = 1;

function node(operator: string, inputs: readonly string[], output: string): Uint8Array {
  const inputFields = inputs.map((input) => textField(1, input));
  return message(...inputFields, textField(2, output), textField(4, operator));
}

function weightTensor(weights: readonly number[]): Uint8Array {
  const values = Buffer.alloc(weights.length * 4);
  for (const [index, weight] of weights.entries()) values.writeFloatLE(weight, index * 4);
  const shape = [numberField(1, weights.length), numberField(1, 1)];
  return message(...shape, numberField(2, float32), textField(8, "weights"), bytesField(9, values));
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
