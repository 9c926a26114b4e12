/** `eval inferred`: how well constraints are read from requests, as a table. */
import { agreementOn, falseAlarms } from '../inferred/measure.ts';

const percent = (part: number, whole: number): string =>
  whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(2)} %`;

/** Markdown. */
export async function inferredReport(): Promise<string> {
  const halves = ['develop', 'report'] as const;
  const agreements = await Promise.all(halves.map(async (half) => ({ half, ...(await agreementOn(half)) })));
  const alarms = await falseAlarms();
  return [
    '| half of IFEval | labelled | of them read | recall | read | labelled or confirmed by hand | precision |',
    '|---|---|---|---|---|---|---|',
    ...agreements.map(
      ({ half, labelled, read, found, agreeing, adjudicated }) =>
        `| ${half} | ${labelled} | ${read} | ${percent(read, labelled)} | ${found} | ${agreeing} + ${adjudicated} | ${percent(agreeing + adjudicated, found)} |`,
    ),
    '',
    '| questions that state nothing | asked | read from | share |',
    '|---|---|---|---|',
    ...alarms.map(
      ({ file, asked, alarmed }) => `| ${file} | ${asked} | ${alarmed.length} | ${percent(alarmed.length, asked)} |`,
    ),
    '',
  ].join('\n');
}
