import { expect, test } from "vitest";
import { evaluate } from "../src/evaluate.ts";
import { parseEvaluationOptions } from "../src/evaluation-options.ts";
import { TrainerError } from "../src/trainer-error.ts";

test("a data set that is not there is named, with the option that says where it is", async () => {
  const options = parseEvaluationOptions(["--dataset", "handbook", "--data", "no-such-folder/file.parquet"]);
  const evaluated = evaluate(options, { write: () => true });
  await expect(evaluated).rejects.toThrow(TrainerError);
  await expect(evaluated).rejects.toThrow(/no-such-folder\/file\.parquet.*--data/u);
});
