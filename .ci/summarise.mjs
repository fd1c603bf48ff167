/**
 * Prints "N passed, N failed" for a run of vitest: `node summarise.mjs RESULTS.json EXIT_CODE`.
 * Exits 1 when a test failed, when none ran, or when the runner itself did not end well.
 */
import { existsSync, readFileSync } from 'node:fs';

const [file, exitCode] = process.argv.slice(2);
const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
const { numPassedTests: passed = 0, numFailedTests: failedTests = 0, testResults = [] } = results ?? {};

/** A file that cannot be loaded fails without a failed test of its own. */
const brokenFiles = testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
);
for (const { name, message } of brokenFiles) console.log(`failed as a whole: ${name}: ${message}`);

const failed = failedTests + brokenFiles.length;
const isGood = exitCode === '0' && failed === 0 && passed > 0;
if (!isGood && failed === 0) console.log(passed ? `The test runner ended with exit code ${exitCode}.` : 'No test ran.');
console.log(`${passed} passed, ${isGood ? 0 : Math.max(failed, 1)} failed`);
process.exitCode = isGood ? 0 : 1;
