// Prints what failed in the last `npm test`, then `tests: N passed, N failed`, from its reports; exit code 1
// when one failed. Both stand at the end of a CI log, which is often all of it that is kept.
// Plain JavaScript that needs nothing installed: it must also answer when the installation failed.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const reports = join(dirname(dirname(fileURLToPath(import.meta.url))), ".local", "reports");
const messageLines = 12;
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
    for (const file of report.testResults) printFailures(file);
  } catch {
    console.error(`${path} is missing or broken: that project counts as one failed test.`);
    total.failed += 1;
  }
}

function printFailures(file) {
  if (failedOutsideTests(file)) printFailure(file.name, file.message);
  for (const test of file.assertionResults) {
    if (test.status === "failed")
      printFailure(`${file.name}: ${test.fullName}`, test.failureMessages.join("\n"));
  }
}

function printFailure(name, message) {
  const lines = message.split("\n").slice(0, messageLines);
  console.log([`failed: ${name}`, ...lines].join("\n    "));
}

/** A file that did not load, or whose setup failed, has no failed test of its own. */
function failedOutsideTests(file) {
  return file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed");
}
