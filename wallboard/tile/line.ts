import type { Chart } from './contract.ts';
import { tileText } from './words.ts';

/**
 * A line chart of the last 20 minutes together with its sentence.
 * @param write how one value is said
 */
export function lineChart(
  title: string,
  points: readonly number[],
  write: (value: number) => string,
  target?: number,
): Chart {
  const say = {
    title,
    low: write(Math.min(...points)),
    high: write(Math.max(...points)),
    now: write(points.at(-1) ?? 0),
  };
  if (target === undefined) return { kind: 'line', points, label: tileText('line.say', say) };
  return { kind: 'line', points, target, label: tileText('line.target', { ...say, target: write(target) }) };
}
