/**
 * Memory that the serving thread and a worker share: a ring of slots, each for one batch. The control words
 * count what was submitted and what is finished (modulo 2^32); each thread waits on the other's word.
 */
export interface WorkerMemory {
  readonly shared: SharedArrayBuffer;
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly slots: readonly WorkerSlot[];
}

export interface WorkerSlot {
  /** Rows of the batch, and the length of `error`: 0 when the batch has its scores. */
  readonly header: Int32Array<SharedArrayBuffer>;
  readonly vectors: Float32Array<SharedArrayBuffer>;
  readonly scores: Float32Array<SharedArrayBuffer>;
  /** UTF-8. */
  readonly error: Uint8Array<SharedArrayBuffer>;
}

export interface WorkerMemorySizes {
  readonly slots: number;
  readonly slotRows: number;
  readonly inputSize: number;
}

/** Words of `control`. */
export const submittedWord = 0;
/** 64 bytes on: in one cache line the threads would slow each other down. */
export const finishedWord = 16;
/** Not 0 when the worker is to end before its next batch. */
export const endWord = 17;
/** Not 0 when the worker has freed its model and touches native code no more. */
export const endedWord = 18;
/** Words of a slot's header. */
export const rowsWord = 0;
export const errorLengthWord = 1;

const controlBytes = 128;
const headerBytes = 8;
/** Enough for what ONNX Runtime says of a failed run; the rest of it is cut off. */
const errorBytes = 1_024;

export function createWorkerMemory(sizes: WorkerMemorySizes): WorkerMemory {
  return viewWorkerMemory(new SharedArrayBuffer(controlBytes + sizes.slots * slotBytes(sizes)), sizes);
}

/** The same memory, seen from the other thread. */
export function viewWorkerMemory(shared: SharedArrayBuffer, sizes: WorkerMemorySizes): WorkerMemory {
  const slots = Array.from({ length: sizes.slots }, (_, index) => {
    const start = controlBytes + index * slotBytes(sizes);
    const vectorsStart = start + headerBytes + errorBytes;
    const vectorValues = sizes.slotRows * sizes.inputSize;
    return {
      header: new Int32Array(shared, start, headerBytes / 4),
      error: new Uint8Array(shared, start + headerBytes, errorBytes),
      vectors: new Float32Array(shared, vectorsStart, vectorValues),
      scores: new Float32Array(shared, vectorsStart + vectorValues * 4, sizes.slotRows),
    };
  });
  return { shared, control: new Int32Array(shared, 0, controlBytes / 4), slots };
}

function slotBytes({ slotRows, inputSize }: WorkerMemorySizes): number {
  return headerBytes + errorBytes + slotRows * (inputSize + 1) * 4;
}
