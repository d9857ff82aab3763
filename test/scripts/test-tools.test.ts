import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { afterSecondRun, closeRun, countReport, openRun } from '../../scripts/test-tools.mjs';

const file = (name: string, status: string, ...tests: string[]) => ({
  name: fileURLToPath(new URL(`../../test/${name}`, import.meta.url)),
  status,
  message: status === 'failed' && tests.length === 0 ? 'Error: no such module' : '',
  assertionResults: tests.map((result, at) => ({
    status: result,
    fullName: `test ${at + 1}`,
    failureMessages: result === 'failed' ? ['AssertionError: 1 is not 2\n    at /node_modules/x\n    at here'] : [],
  })),
});

test('a file that could not be read counts as one failure, and what failed is named', () => {
  const report = {
    numPassedTests: 2,
    numFailedTests: 1,
    testResults: [file('a', 'passed', 'passed'), file('b', 'failed', 'passed', 'failed'), file('c', 'failed')],
  };
  expect(countReport(report)).toEqual({
    passed: 2,
    failed: 2,
    failures: [
      'test/b: test 2\n    AssertionError: 1 is not 2\n        at here',
      'test/c: could not be run\n    Error: no such module',
    ],
    failing: [
      { file: 'test/b', passed: 1, failed: 1 },
      { file: 'test/c', passed: 0, failed: 1 },
    ],
  });
});

test('files that ran once more count as they did the second time', () => {
  const first = countReport({
    numPassedTests: 3,
    numFailedTests: 1,
    testResults: [
      file('a', 'passed', 'passed', 'passed'),
      file('b', 'failed', 'passed', 'failed'),
      file('c', 'failed'),
    ],
  });
  const second = countReport({
    numPassedTests: 5,
    numFailedTests: 1,
    testResults: [file('b', 'passed', 'passed', 'passed'), file('c', 'failed', 'passed', 'passed', 'passed', 'failed')],
  });
  expect(afterSecondRun(first, second)).toEqual({
    passed: 2 + 5,
    failed: 1,
    failures: ['test/c: test 4\n    AssertionError: 1 is not 2\n        at here'],
    failing: [{ file: 'test/c', passed: 3, failed: 1 }],
  });
});

describe.runIf(process.platform === 'linux')('what a run leaves behind', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  test('is a failure and is ended, found by its environment', async () => {
    const folder = openRun();
    child = spawn('sleep', ['60'], { env: { ...process.env, TMPDIR: folder }, stdio: 'ignore' });
    const gone = new Promise((resolve) => child?.once('exit', resolve));
    expect(await closeRun(folder)).toEqual({ passed: 0, failed: 1 });
    await gone;
    expect(existsSync(folder)).toBe(false);
  });

  test('is found by its working folder, as the database is, which gets no environment', async () => {
    const folder = openRun();
    child = spawn('sleep', ['60'], { cwd: folder, env: { PATH: process.env.PATH }, stdio: 'ignore' });
    expect(await closeRun(folder)).toEqual({ passed: 0, failed: 1 });
  });

  test('is nothing when all have ended', async () => {
    expect(await closeRun(openRun())).toEqual({ passed: 1, failed: 0 });
  });
});
