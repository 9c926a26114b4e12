/** Texts to hold the token estimates against: written for this project, or drawn by a seeded generator. */
import { seededRandom } from '../../bench/statistics.ts';

const random = seededRandom(2026);
const small = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const marks = '{}[]()<>;:=+-*/&|!?.,"\'`~^%$#@\\_';

/** `length` letters drawn from an alphabet. */
function drawn(length: number, alphabet: string): string {
  const letters = [...alphabet];
  return Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');
}

function drawnWords(count: number, word: () => string): string {
  return Array.from({ length: count }, word).join(' ');
}

const essay = `Cities that grew around a harbour share a certain untidiness. Streets bend where the old shoreline bent, warehouses stand at
odd angles, and the best cafés hide behind customs offices that nobody has used for decades. Planners in the twentieth century tried to straighten all of
this out. They drew wide avenues, moved the docks downstream, and promised that traffic would flow. It rarely did. What they had overlooked is that people do
not walk along the shortest line; they walk past things that interest them. A crooked lane with a bakery, a workshop and a view of the water will draw more
pedestrians than a boulevard with none. In recent years several municipalities have begun to repair the damage, reopening canals and giving abandoned piers to
gardeners, swimmers and musicians. The results are encouraging, although rents have risen faster than anybody predicted, and some of the families who kept
these neighbourhoods alive through the lean years can no longer afford to stay.`;

const tale = `"You can't be serious," said the old woman, and put down her basket. The boy only shrugged. He had walked all night through the
rain, his boots were full of mud, and he didn't want to argue with anyone, least of all his grandmother. "It's true," he said at last. "The bridge is gone. I
saw it with my own eyes." She looked at him for a long while, then laughed. "Well then, we'll have to swim, won't we?" Behind them the dog began to bark. There
was somebody at the gate: a tall man in a grey coat, holding a lantern although it was already morning.`;

const letter = `Dear Ms. Okafor,

Thank you for your order of 14 March. Unfortunately, two of the five chairs arrived at our warehouse with scratched legs, so we have asked the manufacturer to
send replacements. We expect them by the end of next week and will deliver all five together, free of charge. If you would rather receive the three undamaged
chairs now, please reply to this message or call us between 9 a.m. and 5 p.m., Monday to Friday.

We apologise for the inconvenience and have taken 10% off your invoice.

Kind regards,
Daniel Whitmore
Customer Service`;

const code = `export async function readAll(stream: ReadableStream<Uint8Array>, limitBytes = 1_048_576): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for await (const chunk of stream) {
    if ((limitBytes -= chunk.byteLength) < 0) throw new RangeError(\`more than the limit: \${limitBytes}\`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

def quicksort(xs):
    if len(xs) <= 1:
        return xs
    pivot, *rest = xs
    return quicksort([x for x in rest if x < pivot]) + [pivot] + quicksort([x for x in rest if x >= pivot])

SELECT c.id, COUNT(*) AS n FROM customers AS c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.created_at >= '2024-01-01' GROUP BY c.id HAVING n > 3;
<div class="card card--wide" style="margin:0 auto;max-width:72ch"><a href="https://example.org/a/b?c=d&e=f#g">link</a></div>
`;

export const samples = {
  essay,
  tale,
  letter,
  code,
  'minified code': code.replaceAll(/\s+/g, ''),
  hexadecimal: drawn(8_000, '0123456789abcdef'),
  'hexadecimal in capitals': drawn(8_000, '0123456789ABCDEF'),
  'base 64': drawn(8_000, `${small}${small.toUpperCase()}${digits}+/`),
  uuids: drawnWords(300, () => [8, 4, 4, 4, 12].map((length) => drawn(length, '0123456789abcdef')).join('-')),
  digits: drawn(8_000, digits),
  'digits and spaces': drawn(8_000, `${digits}  `),
  'short numbers': drawnWords(2_000, () => drawn(2, digits)),
  'decimal numbers': drawnWords(1_000, () => `${drawn(2, digits)}.${drawn(2, digits)}`),
  'random letters': drawn(8_000, small),
  'random words': drawnWords(1_500, () => drawn(6, small)),
  'random capitals': drawn(8_000, small.toUpperCase()),
  'random names': drawnWords(1_500, () => drawn(1, small.toUpperCase()) + drawn(5, small)),
  'mixed case': drawn(8_000, small + small.toUpperCase()),
  'pairs that no token holds': 'jqvqfjfz'.repeat(500),
  marks: drawn(8_000, marks),
  'marks and spaces': drawn(8_000, `${marks}   `),
  'rows of one mark': [...marks].map((mark) => mark.repeat(77)).join('\n'),
  'white space': drawn(8_000, ' \t\n\r'),
  'wide white space': [1, 2, 7, 40, 129, 300]
    .flatMap((n) => [' ', '\t', '\n', '\r\n'].map((s) => `${s.repeat(n)}x1`))
    .join(''),
  emoji: drawn(3_000, '😀😂🎉🚀👍🏽🇰🇷🧪🪐🫠'),
  'joined emoji': '👩‍👩‍👧‍👦🏳️‍🌈👨🏿‍🚀'.repeat(100),
  contractions: "it's don't I'd they've we're she'll I'm IT'S 'tis rock'n'roll ".repeat(100),
  mathematics: '∀x∈ℝ: ⌈x⌉ = −⌊−x⌋, α ∧ ¬β → (β ∨ ∛27 ≠ ∑ᵢ₌₁ⁿ i²) ⊢ ∎ '.repeat(50),
  'combining marks': 'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞ '.repeat(40),
  'box drawing': '┌─┬┐│░▒▓█▀▄└╨╩╬ ⠿⠇⠏ ⎈⏏'.repeat(80),
  'lone surrogates and controls': '\u0000\u0001\u0007\u001b[31m\u007f\ufeff\u200b\u00ad'.repeat(200),
} as const satisfies Readonly<Record<string, string>>;
