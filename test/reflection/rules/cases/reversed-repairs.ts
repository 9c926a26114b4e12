/** Repairs of a form check that say the contrary, and honest ones beside them. Written by hand for this project; the verdict follows from what each says. */

export interface RepairCase {
  /** What the failed check forbids. */
  readonly words: readonly string[];
  readonly draft: string;
  readonly revision: string;
}

const repair = (word: string, draft: string, revision: string): RepairCase => ({ words: [word], draft, revision });

export const negationRepairs: readonly RepairCase[] = [
  repair(
    'very',
    'The medicine is not very safe for children under 12 years.',
    'The medicine is safe for children under 12 years.',
  ),
  repair(
    'very',
    'This path is not very steep, and dogs may come along.',
    'This path is steep, and dogs may come along.',
  ),
  repair(
    'really',
    "You shouldn't really mix bleach with vinegar in the house.",
    'You should mix bleach with vinegar in the house.',
  ),
  repair(
    'really',
    'You should really wash the wound with clean water.',
    'You should not wash the wound with clean water.',
  ),
  repair(
    'very',
    'The bridge is very safe for heavy lorries in winter.',
    'The bridge is unsafe for heavy lorries in winter.',
  ),
  repair('ever', 'The contract can never ever be ended before March.', 'The contract can be ended before March.'),
  repair(
    'simply',
    'Members simply cannot vote twice on the same motion.',
    'Members can vote twice on the same motion.',
  ),
  repair('any', 'Serve the sauce without any garlic or onions.', 'Serve the sauce with garlic or onions.'),
  repair(
    'very',
    'The soup is very hot. The plates are not very clean. The bread is very fresh.',
    'The soup is hot. The plates are clean. The bread is fresh.',
  ),
  repair('sehr', 'Das Medikament ist für Kinder nicht sehr geeignet.', 'Das Medikament ist für Kinder geeignet.'),
  repair(
    'wirklich',
    'Im Keller gibt es wirklich keine Heizung und kein Fenster.',
    'Im Keller gibt es eine Heizung und ein Fenster.',
  ),
  repair(
    'jemals',
    'Der Vertrag darf nie jemals ohne Zeugen unterschrieben werden.',
    'Der Vertrag darf ohne Zeugen unterschrieben werden.',
  ),
  repair('muy', 'El puente no es muy seguro para los camiones.', 'El puente es seguro para los camiones.'),
  repair('realmente', 'Nunca debe realmente mezclarse la lejía con vinagre.', 'Debe mezclarse la lejía con vinagre.'),
  repair('très', 'Ce médicament ne convient pas très bien aux enfants.', 'Ce médicament convient bien aux enfants.'),
  repair('vraiment', 'Prenez vraiment les comprimés sans alcool.', 'Prenez les comprimés avec alcool.'),
  repair('muito', 'O remédio não é muito seguro para crianças.', 'O remédio é seguro para crianças.'),
  repair('molto', 'Il ponte non è molto sicuro per i camion.', 'Il ponte è sicuro per i camion.'),
  repair('erg', 'De brug is niet erg veilig voor vrachtwagens.', 'De brug is veilig voor vrachtwagens.'),
  repair('очень', 'Это лекарство не очень безопасно для детей.', 'Это лекарство безопасно для детей.'),
  repair('별로', '이 약은 어린이에게 별로 안전하지 않습니다.', '이 약은 어린이에게 안전합니다.'),
  repair('あまり', 'この薬は子供にあまり安全ではありません。', 'この薬は子供に安全です。'),
  repair('とても', 'この橋はとても危険ではない。', 'この橋は危険だ。'),
  repair('很', '这种药对儿童不很安全，请放在高处。', '这种药对儿童安全，请放在高处。'),
  repair('非常', '这座桥对卡车非常安全。', '这座桥对卡车不安全。'),
];

export const orderRepairs: readonly RepairCase[] = [
  repair(
    'very',
    'Take 2 very small tablets every 8 hours, at most 6 a day.',
    'Take 6 small tablets every 8 hours, at most 2 a day.',
  ),
  repair(
    'very',
    'The very first train leaves at 7:15 and arrives at 9:40.',
    'The first train leaves at 9:40 and arrives at 7:15.',
  ),
  repair('really', 'Profits really rose from 120 to 180 million euros.', 'Profits rose from 180 to 120 million euros.'),
  repair(
    'very',
    'A very good mix has 3 parts sand, 1 part lime and 2 parts clay.',
    'A good mix has 1 parts sand, 2 part lime and 3 parts clay.',
  ),
  repair('simply', 'Simply bake it at 180 degrees for 25 minutes.', 'Bake it at 25 degrees for 180 minutes.'),
  repair('sehr', 'Nehmen Sie 2 sehr kleine Tabletten alle 8 Stunden.', 'Nehmen Sie 8 kleine Tabletten alle 2 Stunden.'),
  repair('etwa', 'Die Miete stieg etwa von 700 auf 850 Euro.', 'Die Miete stieg von 850 auf 700 Euro.'),
  repair('muy', 'Tome 2 pastillas muy pequeñas cada 8 horas.', 'Tome 8 pastillas pequeñas cada 2 horas.'),
  repair(
    'très',
    'Prenez 2 très petits comprimés toutes les 6 heures.',
    'Prenez 6 petits comprimés toutes les 2 heures.',
  ),
  repair('아주', '아주 작은 알약 2개를 8시간마다 드세요.', '작은 알약 8개를 2시간마다 드세요.'),
  repair('とても', 'とても小さな薬を8時間ごとに2錠飲んでください。', '小さな薬を2時間ごとに8錠飲んでください。'),
  repair('很', '每8小时吃2片很小的药，每天最多6片。', '每8小时吃6片小的药，每天最多2片。'),
  repair(
    'very',
    'Very kindly, Anna Berg wrote to Carl Roth about the loan.',
    'Kindly, Carl Roth wrote to Anna Berg about the loan.',
  ),
  repair(
    'very',
    'In a very close match Spain beat France in the final.',
    'In a close match France beat Spain in the final.',
  ),
  repair('really', 'Last week Maria really lent Peter her old car.', 'Last week Peter lent Maria her old car.'),
  repair(
    'very',
    'The very fast train goes from London to Paris at noon.',
    'The fast train goes from Paris to London at noon.',
  ),
  repair(
    'really',
    'Yesterday Google really bought shares from Oracle at a low price.',
    'Yesterday Oracle bought shares from Google at a low price.',
  ),
  repair(
    'sehr',
    'Gestern schrieb Anna sehr höflich an Peter wegen der Miete.',
    'Gestern schrieb Peter höflich an Anna wegen der Miete.',
  ),
  repair(
    'muy',
    'Ayer Ana escribió muy amable a Carlos sobre el préstamo.',
    'Ayer Carlos escribió amable a Ana sobre el préstamo.',
  ),
  repair('très', 'Hier, Anne a très vite prêté sa voiture à Paul.', 'Hier, Paul a vite prêté sa voiture à Anne.'),
  repair(
    'molto',
    'Ieri Anna ha scritto molto gentilmente a Carlo per il prestito.',
    'Ieri Carlo ha scritto gentilmente a Anna per il prestito.',
  ),
  repair(
    'очень',
    'Вчера Анна очень вежливо написала для Марины письмо.',
    'Вчера Марины вежливо написала для Анна письмо.',
  ),
  repair('とても', '昨日アンナはとても丁寧にカルロに手紙を書いた。', '昨日カルロは丁寧にアンナに手紙を書いた。'),
  repair(
    'very',
    '- Very early: Anna drives Carl to the station.\n- Late: all meet.',
    '- Early: Carl drives Anna to the station.\n- Late: all meet.',
  ),
];

export const honestRepairs: readonly RepairCase[] = [
  repair('well-known', 'The well-known harbour is not open on Mondays.', 'The harbour is not open on Mondays.'),
  repair('very', 'The food here is not very good on Mondays.', 'The food here is not good on Mondays.'),
  repair(
    'very',
    'Take 2 very small tablets every 8 hours, at most 6 a day.',
    'Take 2 small tablets every 8 hours, at most 6 a day.',
  ),
  repair('very', 'The engine does not start very well in the cold.', "The engine doesn't start well in the cold."),
  repair('really', "You can't really park in the yard on Sundays.", 'You cannot park in the yard on Sundays.'),
  repair('very', 'It is not very possible to reach the hut by car.', 'It is impossible to reach the hut by car.'),
  repair('very', 'It was very cold. It was not wet at all.', 'It was cold, but it was not wet at all.'),
  repair(
    'very',
    'It was very cold on the hill, but nobody was late for the bus.',
    'It was cold on the hill. Nobody was late for the bus.',
  ),
  repair('very', 'In 2019 the very small shop sold 540 bicycles.', 'The small shop sold 540 bicycles in 2019.'),
  repair(
    'very',
    'Anna and Carl wrote a very long letter to the bank.',
    'Carl and Anna wrote a long letter to the bank.',
  ),
  repair(
    'very',
    'In the final, Spain very clearly defeated France.',
    'In the final, France was clearly defeated by Spain.',
  ),
  repair('very', '- Oslo: 12 very cold days\n- Rome: 3 wet days', '- Rome: 3 wet days\n- Oslo: 12 cold days'),
  repair(
    'not',
    'The room is not heated in winter, so bring a coat.',
    'The room is unheated in winter, so bring a coat.',
  ),
  repair(
    'not only',
    'Not only the roof but also the cellar needs repair.',
    'Both the roof and the cellar needs repair.',
  ),
  repair('sehr', 'Das Zimmer ist nicht sehr groß, aber hell.', 'Das Zimmer ist nicht groß, aber hell.'),
  repair(
    'sehr',
    'Am Montag fährt der Bus sehr früh um 7 Uhr mit 30 Leuten.',
    'Mit 30 Leuten fährt der Bus am Montag früh um 7 Uhr.',
  ),
  repair('muy', 'El hotel no es muy caro en invierno.', 'El hotel no es caro en invierno.'),
  repair('très', "La soupe n'est pas très chaude ce soir.", "Ce soir, la soupe n'est pas chaude."),
  repair('별로', '이 약은 어린이에게 별로 안전하지 않습니다.', '이 약은 어린이에게 안전하지 않습니다.'),
  repair('あまり', 'この薬は子供にあまり安全ではありません。', 'この薬は子供に安全ではない。'),
  repair('特别', '这座桥对卡车特别安全，每天有300辆车经过。', '这座桥对卡车很安全，每天有300辆车经过。'),
  repair('非常', '这种药对儿童非常安全，请放在高处。', '这种药对儿童很安全，请放在高处。'),
];
