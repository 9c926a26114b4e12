import { expect, test } from 'vitest';
import { countMarks, stepsOf } from '../../bench/counted.ts';
import type { Mark } from '../../bench/marks.ts';

let clock = 0;

function mark(kind: Mark['kind'], who = '', what = '', rowsWritten = 0, rowsRead = 0): Mark {
  clock += 1;
  return { kind, who, what, at: clock, rowsWritten, rowsRead };
}

const reserve = [
  mark('request'),
  mark('call', 'Account#1', 'reserve'),
  mark('statement', 'Account#1', 'INSERT', 1),
  mark('return', 'Account#1', 'reserve'),
];
const start = [mark('made', 'Account#7'), mark('call', 'Account#7', 'start'), mark('return', 'Account#7', 'start')];
const model = mark('model');
const log = [mark('statement', 'Account#7', 'INSERT', 2), mark('alarm', 'Account#7', 'setAlarm')];
const end = [
  mark('call', 'Account#7', 'settled'),
  mark('modelHead'),
  mark('statement', 'Account#7', 'INSERT', 1),
  mark('return', 'Account#7', 'settled'),
  mark('answer'),
];
const afterwards = [
  mark('call', 'Account#1', 'settle'),
  mark('statement', 'Account#1', 'UPDATE', 1),
  mark('return', 'Account#1', 'settle'),
];

test('a write gates the message that leaves its object next, and nothing after it', () => {
  const counted = countMarks([...reserve, ...start, model, ...log, ...end, ...afterwards]);
  expect(counted).toMatchObject({ gatesBeforeModel: 1, gatesBeforeAnswer: 1, objectCalls: 4, objectsMade: 1 });
  expect(counted).toMatchObject({ statements: 4, rowsWritten: 5, alarms: 1, modelCalls: 1 });
});

test('a run that stores before it asks its model gates that question', () => {
  const counted = countMarks([...reserve, ...start, ...log, model, ...end]);
  expect(counted).toMatchObject({ gatesBeforeModel: 2, gatesBeforeAnswer: 1 });
});

test('statements that only read gate nothing', () => {
  const read = mark('statement', 'Account#1', 'SELECT', 0, 3);
  const counted = countMarks([
    mark('request'),
    mark('call', 'Account#1', 'status'),
    read,
    mark('return', 'Account#1', 'status'),
    mark('answer'),
  ]);
  expect(counted).toMatchObject({ gatesBeforeModel: 0, gatesBeforeAnswer: 0, rowsRead: 3, rowsWritten: 0 });
});

test('steps are timed from the request by the class of the object, the first of each kind', () => {
  const steps = stepsOf([...reserve, ...start, model]);
  expect([...steps.keys()]).toEqual([
    'Account.reserve called',
    'Account.reserve answered',
    'Account made',
    'Account.start called',
    'Account.start answered',
    'model asked',
  ]);
  expect(steps.get('Account.reserve called')).toBe(1);
});
