// Prints `tests: N passed, N failed` from the reports of the last `npm test`; exit code 1 when one failed.
// Plain JavaScript that needs nothing installed: it must also answer when the installation failed.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const reports = join(dirname(dirname(fileURLToPath(import.meta.url))), ".local", "reports");
const total = { passed: 0, failed: 0, skipped: 0 };
for (const project of ["unit", "integration"]) addReport(join(reports, `${project}.json`));
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`tests: ${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;

function addReport(path) {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests + report.testResults.filter(failedOutsideTests).length;
    total.skipped += report.numPendingTests + report.numTodoTests;
  } catch {
    console.error(`${path} is missing or broken: that project counts as one failed test.`);
    total.failed += 1;
  }
}

/** A file that did not load, or whose setup failed, has no failed test of its own. */
function failedOutsideTests(file) {
  return file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed");
}
