const componentCount = 28;

/** V1 to V28: the principal components that the publisher gives in place of the original columns. */
export const componentNames: readonly string[] = Array.from(
  { length: componentCount },
  (_, position) => `V${position + 1}`,
);
