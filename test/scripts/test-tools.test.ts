import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { closeRun, countReport, openRun } from '../../scripts/test-tools.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((result) => ({ status: result })),
});

test('a file that could not be read counts as one failure', () => {
  const report = {
    numPassedTests: 2,
    numFailedTests: 1,
    testResults: [file('passed', 'passed'), file('failed', 'passed', 'failed'), file('failed')],
  };
  expect(countReport(report)).toEqual({ passed: 2, failed: 2 });
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
