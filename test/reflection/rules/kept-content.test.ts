/** What of a draft a revision that mends a check must keep, and in what other forms it may keep it. The cases are written by hand for this project. */
import { describe, expect, test } from 'vitest';
import { acceptRevision } from '../../../src/reflection/rules/accept-rules.ts';
import { input, mending } from '../../support/acceptance.ts';
import { issue } from '../../support/reflections.ts';

type Case = readonly [what: string, before: string, after: string];

const steps = 'Wash the potatoes well, peel them thinly and boil them in salted water.';
const translation = { type: 'language', measured: 'de', expected: 'en' };

describe('a mended form keeps', () => {
  test.each<Case>([
    [
      'a link with other punctuation behind it',
      'Read the manual at https://a.example/b. Then write to the harbour office.',
      'Read the manual (https://a.example/b), then write to the harbour office!',
    ],
    [
      'a number with a comma for the thousands',
      'The old tower holds 1155 narrow steps.',
      'The old tower holds 1,155 narrow steps!',
    ],
    [
      'a number with an apostrophe for the thousands',
      'The old tower holds 1,155 narrow steps.',
      'The old tower holds 1’155 narrow steps!',
    ],
    [
      'a number with a narrow space for the thousands',
      'The old tower holds 1,155 narrow steps.',
      'The old tower holds 1\u202f155 narrow steps!',
    ],
    [
      'a number with a fixed space for the thousands',
      'The old tower holds 1\u00a0155 narrow steps.',
      'The old tower holds 1,155 narrow steps!',
    ],
    ['a number in wide digits', 'The old tower holds 1155 narrow steps.', 'The old tower holds １１５５ narrow steps!'],
    [
      'a number that ends a sentence',
      'The old tower was finished in 1815. Visitors climb its narrow steps.',
      'The old tower was finished in 1815; visitors climb its narrow steps.',
    ],
    ['a small number as a word', 'The old tower holds 5 narrow rooms.', 'The old tower holds five narrow rooms.'],
    [
      'the lines of a numbered list as bullets',
      `10. Wash the potatoes.\n11. Peel the potatoes.\n12) Boil the water.\n(13) Salt the water.\n14: Wait for an hour.`,
      `- Wash the potatoes.\n- Peel the potatoes.\n- Boil the water.\n- Salt the water.\n- Wait for an hour.`,
    ],
    [
      'the lines of an indented list with numbers behind bullets',
      `Do this:\n  - 10. Wash the potatoes.\n  * 11. Peel the potatoes.`,
      `Do this:\nWash the potatoes.\nPeel the potatoes.`,
    ],
    [
      'names in small letters',
      'The crew met Kowalski, Okonkwo; Lindqvist and other sailors in the harbour.',
      'the crew met kowalski, okonkwo; lindqvist and other sailors in the harbour.',
    ],
    [
      'what it says, though a word in capitals begins its sentences no more',
      'Visitors climb the narrow steps of the tower. Umbrellas stay below in the entrance hall.',
      'Visitors climb the narrow steps of the tower. Parasols stay below in the entrance hall.',
    ],
    [
      'code with other indentation, other case and another fence',
      `${steps}\n\`\`\`js\nlet total = 1;\n  let other = 2;\n{\n}\n);\n];\n\`\`\``,
      `${steps}\n\n~~~\n  LET total = 1;\nlet other = 2;\n~~~\n\`\`\`\n\`\`\``,
    ],
    [
      'what it tells of fences inside its lines, in other words',
      'Put the mark ``` before the code,\nleave no blank line between both,\nand put the mark ``` behind the code.',
      'Put the mark ``` before the code,\nleave between both no empty line,\nand put the mark ``` behind the code.',
    ],
    [
      'code between words that change',
      `Run these commands in the directory.\n\`\`\`\nnpm ci\n\`\`\`\nThen open the page of the server in a browser.`,
      `Run these commands in the directory:\n\`\`\`\nnpm ci\n\`\`\`\nOpen then the page of the server in a browser.`,
    ],
  ])('%s', (_, before, after) => {
    expect(acceptRevision(mending(before, after))).toEqual({ accepted: true, reasons: ['mends c1 (quoted)'] });
  });
});

describe('a mended form is refused that loses', () => {
  test.each<readonly [...Case, lost: string]>([
    [
      'one of two citations',
      'The sea is deep in places [doc1] and wide everywhere [doc2.b].',
      'The sea is deep in places [doc1] and wide everywhere.',
      '[doc2.b]',
    ],
    [
      'a mail address',
      'Send the broken tool back to us, and write to returns@harbour.example before that.',
      'Send the broken tool back to us, and write to our office before that.',
      'returns@harbour.example',
    ],
    [
      'a number at the beginning of a line that is no mark of a list',
      'These are needed:\n12 eggs from the market\n300 g of flour',
      'These are needed:\neggs from the market\nflour',
      '12, 300',
    ],
    [
      'a year at the beginning of a line',
      '1815: Ada Lovelace was born in London.\n1833: She met Charles Babbage there.',
      '- Ada Lovelace was born in London.\n- She met Charles Babbage there.',
      '1815, 1833',
    ],
    [
      'a number in the middle of a line that looks like a mark',
      'The old tower counts 250. Visitors climb the narrow steps.',
      'The old tower counts. Visitors climb the narrow steps.',
      '250',
    ],
    [
      'a number that stands only in a link besides',
      'Ada was born in 1815, as https://a.example/1815 tells the visitor.',
      'Ada was born, as https://a.example/1815 tells the visitor.',
      '1815',
    ],
    [
      'all names',
      'The crew met Kowalski, Okonkwo; Lindqvist and Ng with several other sailors in the harbour.',
      'The crew met with several other sailors in the harbour on that day.',
      'kowalski, okonkwo, lindqvist',
    ],
    [
      'a whole block of code behind tildes',
      `${steps}\n~~~\nlet total = 1;\nlet other = 2;\n~~~`,
      `${steps}\n~~~\ntotal other\n~~~`,
      'let total = 1;, let other = 2;',
    ],
    [
      'the second block of code, in a list',
      `- First do this:\n  \`\`\`\n  let total = 1;\n  \`\`\`\n- Then do this:\n    \`\`\`\n    let other = 2;\n    let third = 3;\n    \`\`\``,
      `- First do this:\n  \`\`\`\n  let total = 1;\n  \`\`\`\n- Then do this:\n    \`\`\`\n    let other = third;\n    \`\`\``,
      'let other = 2;, let third = 3;',
    ],
    [
      'more than three parts, of which it names three',
      `${steps} See [a], [b], [c] and [d].`,
      `${steps} See.`,
      '[a], [b], [c]',
    ],
  ])('%s', (_, before, after, lost) => {
    expect(acceptRevision(mending(before, after)).reasons).toContain(`the revision loses ${lost}`);
  });
});

const letter =
  'You can send the tool back within two weeks. Write to returns@harbour.example before that, or ask for Nadia Rowe in our office.';
const forbidden = { type: 'forbidden_words', measured: ['tool'] };

describe('a mended form is refused that brings in', () => {
  test.each<readonly [...Case, fresh: string]>([
    ['another mail address', letter, letter.replace('returns@', 'help@'), 'help@harbour.example'],
    ['another surname', letter, letter.replace('Rowe', 'Rose'), 'Rose'],
    ['another name as a whole', letter, letter.replace('Nadia Rowe', 'Peter Quill'), 'Peter'],
    ['another day', `${letter} We close on Sunday.`, `${letter} We close on Monday.`, 'Monday'],
  ])('%s', (_, before, after, fresh) => {
    const mended = after.replace('the tool', 'the drill');
    expect(acceptRevision(mending(before, mended, forbidden)).reasons).toContain(
      `the revision brings in ${fresh}, which nothing supports`,
    );
  });
});

describe('a mend of a forbidden word loses nothing that stands beside it', () => {
  const order =
    'Thank you for your order. If the tool arrives broken, call Nadia Rowe at 0800 555 210, and she will send a new drill to 14 Harbour Street.';
  const regex = { type: 'regex', expected: { pattern: '\\btool\\b', should_match: false }, span: [33, 37] } as const;
  test.each<readonly [what: string, gone: string, told: string]>([
    ['a number', ' at 0800 555 210', '0800, 555, 210'],
    ['a name', 'Nadia Rowe at ', 'nadia, rowe'],
    ['a surname', ' Rowe', 'rowe'],
    ['an address', ' to 14 Harbour Street', '14'],
    ['a street', ' Harbour Street', 'harbour, street'],
  ])('%s', (_, gone, told) => {
    const mended = order.replace('the tool', 'the device');
    for (const check of [forbidden, regex]) {
      expect(acceptRevision(mending(order, mended, check))).toMatchObject({ accepted: true });
      expect(acceptRevision(mending(order, mended.replace(gone, ''), check)).reasons).toContain(
        `the revision loses ${told}`,
      );
    }
  });

  test('a link', () => {
    const before = 'Get the tool with the manual at https://harbour.example/manual today, or write to our office soon.';
    const mended = before.replace('the tool', 'it');
    expect(acceptRevision(mending(before, mended, forbidden))).toMatchObject({ accepted: true });
    const lost = mended.replace(' at https://harbour.example/manual', '');
    expect(acceptRevision(mending(before, lost, forbidden)).reasons).toContain(
      'the revision loses https://harbour.example/manual',
    );
  });

  test('but the rest of a forbidden name, a link that holds the word, and nouns of a language that capitalises them', () => {
    const [name, link] = [
      { type: 'forbidden_words', measured: ['Rowe'] },
      { type: 'forbidden_words', measured: ['harbour'] },
    ];
    expect(acceptRevision(mending(order, order.replace('Nadia Rowe', 'us'), name))).toMatchObject({ accepted: true });
    const before =
      'Read the long manual at https://harbour.example/manual today, or write to our friendly office soon.';
    expect(
      acceptRevision(mending(before, before.replace(' at https://harbour.example/manual', ''), link)),
    ).toMatchObject({
      accepted: true,
    });
    const german = 'Bitte legen Sie das Werkzeug nach der Arbeit im Garten in die Kiste und schließen Sie den Deckel.';
    const mended = german.replace('das Werkzeug nach der Arbeit', 'den Hammer nach dem Arbeiten');
    const part = { type: 'forbidden_words', measured: ['Werkzeug'] };
    expect(acceptRevision(mending(german, mended, part))).toMatchObject({ accepted: true });
  });
});

test('a mended form may name whom the request names, or another where a name is asked to go', () => {
  const after = letter.replace('Rowe', 'Rose');
  const unwanted = { type: 'forbidden_words', measured: ['Rowe'] };
  expect(acceptRevision(mending(letter, after, undefined, 'Nadia Rose is back.'))).toMatchObject({ accepted: true });
  expect(acceptRevision(mending(letter, after, unwanted))).toMatchObject({ accepted: true });
});

describe('what a confirmed issue or a failed check speaks against may go', () => {
  test('in whatever order, and one within the other', () => {
    const before =
      'Potatoes grow underground in loose sandy gravel. Bananas ripen quickly between frozen cellar walls. Apples keep.';
    const at = (id: string, quote: string) =>
      issue({ id, quote, span: [before.indexOf(quote), before.indexOf(quote) + quote.length] });
    const after =
      'Potatoes thrive wherever heavy rainfall soaks meadows. Bananas need patience under tropical summer skies. Apples keep.';
    const issues = [
      at('i1', 'ripen quickly between frozen cellar walls'),
      at('i2', 'grow underground in loose sandy gravel'),
      at('i3', 'loose sandy'),
    ];
    expect(acceptRevision(input(before, after, { issues }))).toEqual({
      accepted: true,
      reasons: ['resolves i1 (incorrect_fact)', 'resolves i2 (incorrect_fact)', 'resolves i3 (incorrect_fact)'],
    });
  });

  test('with the links, numbers and names in its sentence where the sentence is refuted', () => {
    const part = { type: 'sources', measured: { unsupported: ['poison'] } };
    const owls = 'Barn owls hunt quietly above meadows, marshes and orchards, catching voles, shrews and frogs.';
    const before = `${owls} In 1987 the ranger Kowalski used poison (https://a.example/b).`;
    expect(acceptRevision(mending(before, owls, part)).reasons).toEqual(['mends c1 (sources)']);
    expect(acceptRevision(mending(before, owls)).reasons).toContain('the revision loses https://a.example/b');
  });

  test('and numbers with a wrong calculation', () => {
    const part = { type: 'arithmetic', measured: { wrong: ['12 × 30 = 380'] } };
    const before = 'The rent of the hall: 12 × 30 = 380. With 100 for the cleaners the hall costs 480 altogether.';
    const after = 'The rent of the hall: 12 × 30 = 360. With 100 for the cleaners the hall costs 460 altogether.';
    expect(acceptRevision(mending(before, after, part)).reasons).toEqual(['mends c1 (arithmetic)']);
    expect(acceptRevision(mending(before, after)).reasons).toContain('the revision loses 380, 480');
  });
});

test('a sentence that no check speaks against must stay, however much of the others stays', () => {
  const long =
    'Barn owls hunt quietly above meadows, marshes and orchards, catching voles, shrews, frogs and poison beetles';
  const part = { type: 'forbidden_words', measured: ['poison'] };
  const mended = `${long.replace(' poison', '')}.`;
  const other = 'Farmers build nesting boxes.';
  expect(acceptRevision(mending(`${long}. ${other}`, mended, part)).reasons).toContain(
    'the revision keeps 0 % of what nothing asks to go',
  );
  expect(acceptRevision(mending(`${long}. ${other}`, `${mended} ${other}`, part)).accepted).toBe(true);
});

describe('a translation', () => {
  const german = 'Die Brücke wurde im Jahr 1934 eröffnet und trägt jeden Tag viele Wagen über den Fluss.';
  const english = 'The bridge was opened in the year 1934 and carries many cars across the river every day.';

  test.each<readonly [...Case, reason: string]>([
    [
      'a link',
      `${german} Mehr steht unter https://a.example/b und https://a.example/c.`,
      `${english} More is to be found at https://a.example/b.`,
      'the translation loses links',
    ],
    [
      'code',
      `${german}\n\`\`\`\nnpm ci\nnpm start\n\`\`\``,
      `${english}\n\`\`\`\nnpm ci\n\`\`\``,
      'the translation loses code',
    ],
    [
      'both of two names',
      'the engineers wrote to Kowalski and to Okonkwo about these bearings before anybody else was told.',
      'die leute haben zuerst den beiden anderen von diesen lagern geschrieben, ehe jemand davon wusste.',
      'the translation loses names',
    ],
  ])('that loses %s is refused', (_, before, after, reason) => {
    expect(acceptRevision(mending(before, after, translation)).reasons).toContain(reason);
  });

  test.each<Case>([
    ['keeps numbers, and no German nouns', german, english],
    [
      'writes one name in its own way',
      'the engineers travelled to Warsaw and told everybody about these bearings before the winter came.',
      'die leute fuhren nach warschau und sprachen dort mit allen davon, ehe der lange winter kam.',
    ],
    [
      'is shorter in Chinese',
      'The old bridge across the river was opened long before the war and carries many cars every day.',
      '横跨河流的老桥早在战前就已开通，每天承载许多汽车。',
    ],
    [
      'is shorter in Korean',
      'The old bridge across the river was opened long before the war and carries many cars every day.',
      '강을 건너는 오래된 다리는 전쟁 훨씬 전에 개통되어 매일 많은 차가 다닌다.',
    ],
  ])('%s', (_, before, after) => {
    expect(acceptRevision(mending(before, after, translation))).toMatchObject({ accepted: true });
  });
});

describe('JSON that is asked for', () => {
  const json = { type: 'json' };
  const record = '{"name": "Lovelace", "city": "London", "work": ["analysis", "translation", "notes"], "born": 1815';

  test('is the same JSON without its slip, and without words around it', () => {
    expect(acceptRevision(mending(`${record},}`, `${record}}`, json)).accepted).toBe(true);
    expect(
      acceptRevision(mending(`Here it is, as you wished:\n${record}}\nAnything else to be done?`, `${record}}`, json))
        .accepted,
    ).toBe(true);
    const talk =
      'This is what I have found out for you about the person whom you named before. I hope that it is useful to you.';
    expect(acceptRevision(mending(`${talk}\n${record},}`, `${record}}`, json)).accepted).toBe(true);
    const rows = '[["Lovelace", "London"], ["Babbage", "Teignmouth"], ["Somerville", "Jedburgh"]';
    expect(acceptRevision(mending(`Here it is:\n${rows},]`, `${rows}]`, json)).accepted).toBe(true);
  });

  test('is refused where the draft was JSON with a slip, and much of it is gone', () => {
    const { reasons } = acceptRevision(mending(`${record},}`, '{"name": "Lovelace"}', json));
    expect(reasons).toContain('the revision keeps 20 % of what nothing asks to go');
  });

  test('may leave out a half of prose, though braces stand in it', () => {
    const prose =
      'Templates name {person} and other {values} freely. Editors replace them before printing. Letters without replacement look careless, and annoy every {customer}.';
    const after = JSON.stringify({
      rule: 'Editors replace templates before printing letters',
      values: 'person, customer',
    });
    expect(acceptRevision(mending(prose, after, json)).accepted).toBe(true);
  });

  test('is no prose left out because a short example of JSON stands in it', () => {
    const example = '{"city": "London"}';
    const prose = `Write the town as a record, for instance ${example}. Every other field stays empty until somebody has asked the visitor about relatives, profession and luggage.`;
    expect(acceptRevision(mending(prose, example, json)).reasons).toContain(
      'the revision leaves out most of what the text says',
    );
  });

  test('is read within its fence, by its values and not by its keys', () => {
    const prose = 'Lovelace lived in London and wrote notes about engines.';
    const fenced = (value: unknown) => `\n\n\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n\n`;
    const schema = { type: 'json_schema' };
    const keys = { surname: 'Lovelace', residence: 'London', occupation: 'notes', subject: 'engines' };
    expect(acceptRevision(mending(prose, fenced(keys), schema)).accepted).toBe(true);
    const swapped = { Lovelace: 'somebody', London: 'anywhere', notes: 'something', engines: 'machines' };
    expect(acceptRevision(mending(prose, fenced(swapped), schema)).reasons).toContain(
      'the revision says what stood nowhere',
    );
  });

  test('says something', () => {
    const schema = { type: 'json_schema' };
    const prose = 'Lovelace lived in London and wrote notes about engines.';
    const nowhere = 'the revision says what stood nowhere';
    expect(acceptRevision(mending(prose, '{"a": [null, true, {}]}', schema)).reasons).toContain(nowhere);
    expect(acceptRevision(mending(prose, '{"a": "yes"}', schema)).accepted).toBe(true);
    expect(acceptRevision(mending('It was in 7.', '{"a": 7}', schema)).accepted).toBe(true);
  });

  test('may take its words from the request', () => {
    const schema = { type: 'json_schema' };
    const prose = 'Lovelace lived in London.';
    const after = '{"category": "mathematician", "town": "London"}';
    expect(acceptRevision(mending(prose, after, schema)).accepted).toBe(false);
    expect(acceptRevision(mending(prose, after, schema, 'Category: mathematician or sailor?')).accepted).toBe(true);
  });
});

describe('a pattern for the whole text', () => {
  const pattern = { type: 'regex', expected: { pattern: '^[A-Z][a-z]{7}$', should_match: true } };
  const before = 'The first program was written by Lovelace for the engine of Babbage.';

  test('may leave one word of it', () => {
    expect(acceptRevision(mending(before, 'Lovelace', pattern)).accepted).toBe(true);
  });

  test('brings in no word that stood nowhere', () => {
    expect(acceptRevision(mending(before, 'Einstein', pattern)).reasons).toContain(
      'the revision says what stood nowhere',
    );
  });
});

test('a choice may stand for the whole text', () => {
  const asked = mending('It is likely to be the second one, as the first has no handle.', 'B', { type: 'choice' });
  expect(acceptRevision(asked).accepted).toBe(true);
});
