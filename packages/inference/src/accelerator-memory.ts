/** The memory of a device that the models of one process share. */
export interface AcceleratorMemory {
  readonly limitBytes: number;
  readonly reservedBytes: number;
  /** Gives the function that returns the bytes; undefined when they do not fit. */
  reserve(bytes: number): (() => void) | undefined;
}

/**
 * Counts what the models of this process are expected to take on the device: a version that would not fit
 * stays on the CPU. It is bookkeeping: `onnxruntime-node` hands neither CUDA's `gpu_mem_limit` nor any limit
 * of WebGPU through to the provider.
 */
export function createAcceleratorMemory(limitBytes: number): AcceleratorMemory {
  let reservedBytes = 0;
  return {
    limitBytes,
    get reservedBytes() {
      return reservedBytes;
    },
    reserve(bytes) {
      if (reservedBytes + bytes > limitBytes) return undefined;
      reservedBytes += bytes;
      let returned = false;
      return () => {
        if (!returned) reservedBytes -= bytes;
        returned = true;
      };
    },
  };
}
