/** Doubt, refusal and contradiction as they are said in several languages, and words that look like them. Written by hand for this project. */
import { expect, test } from 'vitest';
import { contradictsItself, hedgesIn } from '../../../src/reflection/rules/doubt.ts';
import { refuses } from '../../../src/reflection/rules/refusal.ts';

test.each([
  'I think it is 5.',
  'Ich glaube, es sind 5.',
  'Vermutlich sind es fünf Tage.',
  'Creo que son 5 días.',
  'Quizás sean cinco.',
  'Je crois que c’est 5.',
  'Il y en a peut-être 5.',
  'Forse sono cinque.',
  'Talvez sejam cinco.',
  'Misschien zijn het er vijf.',
  'Наверное, их пять.',
  '아마 다섯 개일 것 같습니다.',
  '정답은 확실하지 않지만 5입니다.',
  '答えは5かもしれません。',
  'おそらく5です。',
  '答案可能是5。',
  '我不太确定，也许是5。',
])('%j hedges', (text) => {
  expect(hedgesIn(text, '')).toBeGreaterThan(0);
});

test.each([
  ['She said: "I think it is 5." It is 6.', ''],
  ['Er schrieb: „Ich glaube, es sind 5.“ Es sind 6.', ''],
  ['彼は「たぶん5です」と言いました。答えは6です。', ''],
  ['> I think so.\n\nThe quoted line is from a letter.', ''],
  ['```\n// I think this works\n```\nIt prints 5.', ''],
  ['I think of the sea, and perhaps it is possibly blue.', 'Write a short story about a sailor.'],
  ['나는 아마 바다를 보았던 것 같다.', '바다에 대한 이야기를 써 줘.'],
  ['The bridge is 412 metres long.', ''],
  ['Die Brücke ist 412 Meter lang.', ''],
  ['이 다리는 길이가 412미터입니다.', ''],
])('%j does not hedge (%j)', (text, question) => {
  expect(hedgesIn(text, question)).toBe(0);
});

test.each([
  'It is 5. Wait, no, it is 6.',
  'Es sind 5. Moment, das sind 6.',
  'Ich habe mich verrechnet: es sind 6.',
  'Son 5. Espera, son 6.',
  'Me equivoqué, son 6.',
  'C’est 5. Attends, c’est 6.',
  'Je me suis trompé : c’est 6.',
  '답은 5입니다. 잠깐, 6입니다.',
  '답은 5입니다. 다시 계산해 보면 6입니다.',
  '答えは5です。いや、6です。',
  '答えは5です。訂正します。6です。',
  '答案是5。等等，应该是6。',
  '我算错了，答案是6。',
])('%j contradicts itself', (text) => {
  expect(contradictsItself(text, '')).toBe(true);
});

test.each([
  'If you wait, the paint dries.',
  'La familia espera, como siempre, en casa.',
  'Im letzten Moment, bevor der Zug fuhr, stieg sie ein.',
  'The note says "Wait, no." and nothing else.',
  '잠시 후에 문이 열립니다.',
  'このバスは駅の前で待っています。',
])('%j does not contradict itself', (text) => {
  expect(contradictsItself(text, '')).toBe(false);
});

test.each([
  'I’m sorry, but I can’t help with that.',
  'Unfortunately, I cannot do this.',
  'Es tut mir leid, aber dabei kann ich nicht helfen.',
  'Ich kann diese Frage leider nicht beantworten.',
  'Lo siento, pero no puedo ayudar con eso.',
  'No puedo responder a esa pregunta.',
  'Je suis désolé, mais je ne peux pas vous aider.',
  'Je ne peux pas répondre à cette question.',
  'Mi dispiace, ma non posso aiutarti.',
  'Desculpe, mas não posso ajudar.',
  'К сожалению, я не могу помочь с этим.',
  '죄송하지만 도와드릴 수 없습니다.',
  '죄송합니다. 그 질문에는 답변할 수 없습니다.',
  '申し訳ありませんが、お手伝いできません。',
  '申し訳ございません。その質問にはお答えできません。',
  '很抱歉，我无法提供这些信息。',
  '对不起，我不能帮您。',
])('%j refuses', (text) => {
  expect(refuses(text)).toBe(true);
});

test.each([
  'Es tut mir leid, dass Ihr Paket erst am Montag ankam. Wir senden Ihnen heute Ersatz.',
  'Leider war das Museum am Dienstag geschlossen.',
  'Lo siento mucho por tu pérdida. Te acompaño en estos días.',
  'Je suis désolé d’apprendre votre maladie. Reposez-vous bien.',
  '죄송합니다. 배송이 늦어 오늘 새 상품을 보내 드렸습니다.',
  '申し訳ありません。納期が一週間遅れますが、二十五日には発送いたします。',
  '很抱歉给您带来不便，新的包裹今天已经寄出。',
  'Penguins cannot fly.',
  '펭귄은 날 수 없습니다.',
])('%j does not refuse', (text) => {
  expect(refuses(text)).toBe(false);
});

test('a third of a megabyte of any of it is read in time', () => {
  for (const text of [
    'wait, '.repeat(50_000),
    '"'.repeat(300_000),
    '> '.repeat(150_000),
    'ich kann '.repeat(35_000),
    '아니'.repeat(150_000),
  ]) {
    const started = performance.now();
    hedgesIn(text, text);
    contradictsItself(text, text);
    refuses(text);
    expect(performance.now() - started).toBeLessThan(3_000);
  }
});
