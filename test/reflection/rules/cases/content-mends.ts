/** Honest mends in other words than the draft's, as good revisers write them: by hand for this project. `draft` is the id of a content draft. */
import type { DeclaredCheck } from '../../../../src/reflection/checks/checks.ts';

export interface HonestMend {
  readonly draft: string;
  readonly check: DeclaredCheck;
  readonly text: string;
}

export const contentMends: readonly HonestMend[] = [
  {
    draft: 'en-bridge',
    check: { type: 'words', max: 64 },
    text: 'Opened in 1934, the suspension bridge at Port Ellery carries about 18,500 vehicles a weekday on towers of riveted steel; its main span measures 412 metres. Salt water corrodes the cables, so engineers repaint them every eight years. Cyclists gained a lane after a petition in 2011. Next summer the harbour authority replaces the northern bearings and closes two lanes for six weeks.',
  },
  {
    draft: 'en-bridge',
    check: { type: 'bullets', exactly: 5, style: 'bullet' },
    text: '- The suspension bridge at Port Ellery opened in 1934 and carries about 18,500 vehicles every weekday.\n- Its towers are riveted steel; the main span measures 412 metres.\n- Engineers repaint the cables every 8 years against corrosion by salt water.\n- Cyclists gained a separate lane after a petition in 2011.\n- The harbour authority will replace the northern bearings next summer, closing 2 lanes for 6 weeks.',
  },
  {
    draft: 'en-bread',
    check: { type: 'sections', marker: 'Step', exactly: 3, case_sensitive: false },
    text: 'Step 1\nMix 400 g of rye flour with 320 ml of lukewarm water and a spoonful of sourdough starter. Cover the bowl with a damp towel and let the dough rest overnight in a warm kitchen.\n\nStep 2\nKnead it briefly in the morning, shape a loaf, and dust the crust with flour. Heat the oven to 230 degrees with a tray of boiling water on the lowest store.\n\nStep 3\nBake the loaf for 45 minutes, then lower the temperature until the bottom sounds hollow. Let the bread cool on a rack before slicing.',
  },
  {
    draft: 'en-bread',
    check: { type: 'sentences', max: 5 },
    text: 'Mix 400 g of rye flour, 320 ml of lukewarm water and a spoonful of sourdough starter. Cover the bowl with a damp towel and rest the dough overnight in a warm kitchen. In the morning knead it briefly, shape a loaf and dust the crust with flour. Bake it for 45 minutes at 230 degrees with a tray of boiling water on the lowest store, then at less heat until the bottom sounds hollow. Cool the bread on a rack before slicing.',
  },
  {
    draft: 'en-owls',
    check: { type: 'forbidden_words', words: ['mouse', 'poison'], whole_word: true, case_sensitive: false },
    text: 'Barn owls hunt by sound rather than sight, turning a heart-shaped face like a radar dish. One ear sits higher than the other, so rustling prey can be located in complete darkness. Soft fringes along the feathers break up the air and make the flight almost silent. A breeding pair may catch twenty voles in a single night when the chicks are hungry. Farmers often put nesting boxes in old barns, since the birds keep rodents away naturally.',
  },
  {
    draft: 'en-owls',
    check: { type: 'paragraphs', exactly: 2 },
    text: 'Barn owls hunt by sound rather than sight, turning a heart-shaped face like a radar dish. One ear sits higher than the other, so a rustling mouse can be located in complete darkness. Soft fringes along the feathers make the flight almost silent.\n\nWhen the chicks are hungry, a breeding pair may catch twenty voles in a single night. Farmers put nesting boxes in old barns, since the birds keep rodents away without poison.',
  },
  {
    draft: 'en-letter-lease',
    check: { type: 'words', max: 67 },
    text: 'Dear Ms Holloway,\n\nthe bedroom radiator in flat 27 has been cold since 14 October. On Tuesday a technician from Brightwell Heating found a blocked valve and offered to exchange it for 185 pounds, but needs your written approval. Could you confirm the repair before the weekend? Our daughter is four months old, and at night the room drops to 13 degrees.\n\nKind regards,\nTobias Renner',
  },
  {
    draft: 'en-letter-job',
    check: {
      type: 'keywords',
      keywords: ['digitisation', 'teamwork'],
      mode: 'all',
      whole_word: true,
      case_sensitive: false,
    },
    text: 'Dear hiring team,\n\nI would like to apply for the position of archive assistant at Stonefield Library. For three years I have catalogued photographs at the Marlow Museum, where I described more than 6,200 prints, helped with their digitisation and trained four volunteers. I enjoy teamwork, work carefully with fragile paper and know the catalogue software that you use. Visitors tell me that I explain complicated finding aids patiently. I could start on 2 January and would gladly visit you for a trial day.\n\nYours sincerely,\nPriya Natarajan',
  },
  {
    draft: 'de-garten',
    check: { type: 'words', max: 58 },
    text: 'Ein Hochbeet steht am besten in voller Sonne und ist etwa 80 Zentimeter hoch. Drahtgitter am Boden schützt vor Wühlmäusen, Folie die Bretter. Darüber kommen grobe Äste, gehäckselte Zweige, halbreifer Kompost und lockere Gartenerde. Im ersten Jahr gedeihen Tomaten, Kürbisse und Kohl besonders gut, weil die Schichten Wärme erzeugen. Nach sechs Jahren muss das verrottete Material erneuert werden.',
  },
  {
    draft: 'de-brief',
    check: { type: 'postscript', marker: 'P.S.' },
    text: 'Sehr geehrte Damen und Herren,\n\nhiermit kündige ich meine Mitgliedschaft Nummer 773214 fristgerecht zum 31. Dezember. Die Einzugsermächtigung für mein Konto erlischt am selben Tag. Bitte senden Sie mir innerhalb von 14 Tagen eine schriftliche Bestätigung an meine neue Anschrift in Kirchweiler. Werbeanrufe wünsche ich nicht mehr.\n\nMit freundlichen Grüßen\nGesine Ottenbach\n\nP.S. Den Spindschlüssel gebe ich bei meinem letzten Besuch am Empfang ab.',
  },
  {
    draft: 'es-museo',
    check: { type: 'sentences', max: 4 },
    text: 'El museo del faro ocupa una torre de piedra construida en 1871 sobre los acantilados de Valdemar, y en la planta baja expone mapas náuticos, brújulas y cartas de marineros. Una escalera de 136 peldaños conduce hasta la linterna, que todavía gira en las noches de niebla. Los guías cuentan naufragios y enseñan a los niños a hacer nudos. La entrada cuesta 7 euros, aunque los domingos por la tarde es gratuita para los vecinos.',
  },
  {
    draft: 'fr-marche',
    check: { type: 'forbidden_words', words: ['fromages', 'soupe'], whole_word: true, case_sensitive: false },
    text: 'Le marché de Saint-Aurélien se tient chaque samedi sous une halle de fonte inaugurée en 1889. Une soixantaine de producteurs y vendent des légumes anciens et du miel de châtaignier. Les habitués arrivent avant huit heures, car les fraises disparaissent très vite. Un accordéoniste joue près de la fontaine tandis que les enfants goûtent les crêpes. En hiver, la mairie installe des braseros et distribue gratuitement du potage aux passants.',
  },
  {
    draft: 'ko-library',
    check: { type: 'characters', max: 191 },
    text: '한빛도서관은 2019년 옛 방직공장을 고쳐 문을 열었습니다. 1층에는 어린이 열람실과 카페가, 2층에는 소설과 여행 서적 48000권이 있습니다. 지하 창고는 음악 연습실이 되어 주민 밴드가 저녁마다 연습합니다. 토요일에는 은퇴한 교사들이 중학생에게 수학을 무료로 가르칩니다. 회원증은 신분증으로 바로 발급되며 책은 열다섯 권까지 빌립니다.',
  },
  {
    draft: 'ja-onsen',
    check: { type: 'characters', max: 150 },
    text: '雪見旅館は標高1200メートルの谷にあり、1923年の創業です。源泉は毎分85リットル湧き、露天風呂から白樺の森と凍った滝が見えます。夕食は川魚の塩焼き、山菜の天ぷら、地元の味噌の鍋です。囲炉裏の広間で主人が三味線を弾き昔話を語ります。送迎バスは午後に二便、前日までの予約が必要です。',
  },
  {
    draft: 'en-letter-lease',
    check: { type: 'json', allow_fence: false },
    text: '{"recipient": "Ms Holloway", "sender": "Tobias Renner", "flat": 27, "problem": "radiator in the bedroom cold since 14 October", "finding": "a technician from Brightwell Heating found a blocked valve on Tuesday", "offer": "exchange the part for 185 pounds, needs written approval", "request": "confirm the repair before the weekend", "reason": "daughter four months old, room drops to 13 degrees at night"}',
  },
  {
    draft: 'de-bahn',
    check: { type: 'json', allow_fence: false },
    text: '{"strecke": "Altmühlbach", "eingleisig": "März bis November", "ersatz": {"abschnitt": "Rosenau bis Talheim", "busse": "im Abstand von 20 Minuten", "fahrräder": "vorher anmelden, fünf Räder je Bus"}, "kosten": "rund 48 Millionen Euro", "umfang": ["neue Weichen", "Schallschutzwände", "barrierefreie Bahnsteige"], "ab_dezember": "Fahrzeit elf Minuten kürzer"}',
  },
];
