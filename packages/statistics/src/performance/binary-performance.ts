/** A confusion matrix; expected ones hold fractions. */
export interface ConfusionMatrix {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** NaN where there is nothing to divide by: no alert has no precision, it is not 0. */
export interface BinaryPerformance extends ConfusionMatrix {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly falsePositiveRate: number;
  readonly accuracy: number;
}

/** The usual figures of a confusion matrix, each a share from 0 to 1. */
export function performanceOf(matrix: ConfusionMatrix): BinaryPerformance {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = matrix;
  const right = truePositives + trueNegatives;
  return {
    ...matrix,
    precision: truePositives / (truePositives + falsePositives),
    recall: truePositives / (truePositives + falseNegatives),
    f1: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
    falsePositiveRate: falsePositives / (falsePositives + trueNegatives),
    accuracy: right / (right + falsePositives + falseNegatives),
  };
}
