/** Words that a full stop follows without ending the sentence, and words that usually begin one, by language. Collected by hand for this project. */

/** What a word with a full stop says about the end of a sentence. */
export type Abbreviation = 'title' | 'never' | 'number' | 'perhaps';

interface Vocabulary {
  /** The commonest words: by them a text's language is told. */
  readonly common: string;
  /** Written with a capital before a name: "Dr. Lee". */
  readonly title: string;
  /** Something always follows: "e.g.". */
  readonly never: string;
  /** A number follows: "No. 5". */
  readonly number: string;
  /** Stands within a sentence and at its end: "etc.". */
  readonly perhaps: string;
  /** Words that begin a sentence more often than they follow an abbreviation. */
  readonly starters: string;
}

const vocabularies = {
  en: {
    common: 'the of and to in is are was for with that it you this on be have not we he she they at from',
    title: 'mr mrs ms mx dr prof rev hon capt lt col gen sgt maj cmdr gov sen rep pres messrs supt adm',
    never: 'e.g i.e eg ie vs cf viz approx tsp tbsp esp incl excl',
    number: 'no nos fig figs eq vol vols sec ch pp p art est ed',
    perhaps:
      'inc ltd co corp bros jr sr etc a.m p.m ph.d m.d b.a m.a b.sc m.sc jan feb mar apr jun jul aug sep sept oct nov dec ave blvd rd st mt dept univ mon tue tues thu thur thurs fri hr hrs lb lbs oz ft min max tel ext assn misc intl govt com comm',
    starters:
      'the a an this that these those it he she they we i you there here in on at by for from to when while if as after before since but and or so however then also its his her their our my your what why how who where not no yes please all some most each every once during despite although because thus today now',
  },
  de: {
    common: 'der die das und ist nicht ein eine mit für von zu den dem im auf sie wir ich es wird sind bei auch am',
    title: 'hr hrn fr frl dr prof mag ing dipl hl st fa',
    never:
      'z.b d.h ca rd bzw ggf vgl zzgl abzgl inkl exkl bzgl evtl sog dt engl frz ital span lat griech amerik österr geb gest hrsg versch wg max min mind lt ehem allg insb entspr jährl o.g u.u i.d.r v.a s.o s.u i.a m.e b.w kath ev z.t',
    number: 'nr s abb abs art bd kap aufl tel str jh ziff rn',
    perhaps:
      'usw etc u.a o.ä u.ä mwst v.chr n.chr mio mrd tsd std min sek mo sa jan feb mrz apr jun jul aug sep sept okt nov dez str jh co gmbh z.zt u.s.w',
    starters:
      'der die das ein eine er sie wir ihr ich du es dies diese dieser dieses in im am an auf bei mit von zu nach für aber und oder doch danach dann wenn als da so nun jetzt hier dort man sein seine ihre unser unsere mein meine bitte auch deshalb daher trotzdem außerdem nicht kein keine alle beide was wer wie wo warum',
  },
  es: {
    common: 'el la los las de que y en es un una y hay por con para se su no del al como más está lo',
    title:
      'sr sra srta sres sras dr dra dres dña d ud uds vd vds lic ing arq prof profa gral cap cnel sto sta fr mons excmo excma',
    never: 'p.ej ej aprox ee máx mín avda av dto dpto cf p',
    number: 'núm núms pág págs art arts cap vol fig tel n',
    perhaps: 'etc ee.uu uu a.c d.c a.m p.m s.a s.l c.v km ud uds cía ss.mm jj.oo rr.hh',
    starters:
      'el la los las un una unos unas este esta estos estas eso él ella ellos ellas nosotros yo tú usted en con por para pero y o si cuando después luego también además su sus mi mis tu no sí hay es fue son ahora hoy todo todos como aunque así',
  },
  fr: {
    common: 'le la les de des et est un une dans pour que qui sur avec pas du ce il elle nous vous en au',
    title: 'm mm mme mmes mlle mlles dr pr me mgr st ste',
    never: 'p.ex ex c.-à-d cf env av bd éd',
    number: 'art vol chap fig p pp n tél no',
    perhaps: 'etc j.-c apr s.a a.m p.m janv févr avr juil sept oct nov déc',
    starters:
      "le la les un une des ce cet cette ces il elle ils elles nous vous on je tu en dans avec pour mais et ou si quand puis ensuite après aussi son sa ses notre votre mon ma mes c'est c’est l'on oui non tout tous",
  },
  it: {
    common: 'il la le di che e in un una per con non del della è si da al alla sono gli lo nel ha',
    title: 'sig sig.ra sig.na sigg dott dott.ssa dr prof prof.ssa ing avv arch geom rag on mons',
    never: 'es p.es ca cfr',
    number: 'pag pagg art artt n vol fig cap tel',
    perhaps: 'ecc s.p.a s.r.l a.c d.c max min gen feb mar apr mag giu lug ago set ott nov dic',
    starters:
      'il lo la i gli le un una uno questo questa questi quello lui lei loro noi voi io in con per ma e o se quando poi dopo anche inoltre suo sua mio mia nostro non sì è',
  },
  pt: {
    common: 'o a os as de que e em um uma para com não do da no na por se mais é ao dos são foi',
    title: 'sr sra srta srs dr dra prof profa eng arq exmo exma ilmo d',
    never: 'p.ex ex aprox av cf máx mín',
    number: 'pág págs art arts n núm vol fig cap tel',
    perhaps: 'etc a.c d.c ltda s.a cia jan fev mar abr mai jun jul ago set out nov dez',
    starters:
      'o a os as um uma este esta isto esse essa ele ela eles elas nós eu você vocês em no na com por para mas e ou se quando depois também além seu sua meu minha não sim é há hoje agora todos',
  },
  nl: {
    common: 'de het een en van is niet in op te dat die met voor zijn er aan ook wij ik je naar om',
    title: 'dhr mevr mw drs ir mr ing dr prof',
    never: 'bijv bv d.w.z o.a i.p.v t.o.v m.b.t t.a.v a.u.b ca resp evt incl excl enz.z nl m.n z.g',
    number: 'nr blz art tel afb p',
    perhaps: 'enz etc jl e.d jan feb mrt apr jun jul aug sep okt nov dec max min b.v n.v',
    starters:
      'de het een dit dat deze die hij zij ze wij we ik je u er in op met voor bij van naar maar en of als toen daarna dan ook daarom nu hier daar mijn zijn haar ons onze niet',
  },
  ru: {
    common: 'и в не на что я с он как это по но они мы она для от из',
    title: 'г-н проф акад им ул',
    never: 'т.е напр',
    number: 'рис табл стр гл',
    perhaps: 'т.д т.п др пр руб тыс млн млрд г гг в вв н.э см',
    starters: 'он она они мы я это в на и но если когда потом затем после также',
  },
  hi: {
    common: 'है के की में का और से को यह हैं पर',
    title: 'डॉ श्री प्रो कु सु पं',
    never: '',
    number: '',
    perhaps: '',
    starters: '',
  },
} as const satisfies Readonly<Record<string, Vocabulary>>;

/** What is the same in all these languages. */
const everywhere = {
  never: 'e.g i.e al ca vs p.ej z.b d.h p.ex',
  perhaps: 'etc a.m p.m',
};

/** What the words of one text's language say about full stops. */
export interface FullStops {
  /** How each reading of a word with a full stop goes, by the word in lower case; several where languages differ. */
  readonly abbreviations: ReadonlyMap<string, ReadonlySet<Abbreviation>>;
  readonly starters: ReadonlySet<string>;
  /** Whether "8." may be an ordinal: "am 8. März". */
  readonly ordinals: boolean;
}

type Language = keyof typeof vocabularies;
const languages = Object.keys(vocabularies).filter((name): name is Language => name in vocabularies);
const commonWords = new Map<string, Language[]>();
for (const language of languages)
  for (const word of vocabularies[language].common.split(' '))
    commonWords.set(word, [...(commonWords.get(word) ?? []), language]);

const known = new Map<string, FullStops>();

/** The vocabulary of the languages that the text may be in, told by its commonest words; English where none is found. */
export function fullStopsOf(text: string): FullStops {
  const hits = new Map<Language, number>();
  for (const [word] of text.matchAll(/[\p{L}\p{M}]+/gu))
    for (const language of commonWords.get(word.toLowerCase()) ?? []) hits.set(language, (hits.get(language) ?? 0) + 1);
  const most = Math.max(0, ...hits.values());
  // A word or two may be of several languages.
  const likely = languages.filter((name) => (hits.get(name) ?? 0) * 2 > most || (name === 'en' && most < 3));
  return vocabularyOf(most === 0 ? languages : likely);
}

function vocabularyOf(of: readonly Language[]): FullStops {
  const key = of.join(' ');
  const before = known.get(key);
  if (before) return before;
  const abbreviations = new Map<string, Set<Abbreviation>>();
  const add = (list: string, kind: Abbreviation): void => {
    for (const word of list.split(' '))
      if (word !== '') abbreviations.set(word, (abbreviations.get(word) ?? new Set()).add(kind));
  };
  add(everywhere.never, 'never');
  add(everywhere.perhaps, 'perhaps');
  const starters = new Set<string>();
  for (const language of of) {
    const { title, never, number, perhaps } = vocabularies[language];
    add(title, 'title');
    add(never, 'never');
    add(number, 'number');
    add(perhaps, 'perhaps');
    for (const word of vocabularies[language].starters.split(' ')) starters.add(word);
  }
  const made: FullStops = { abbreviations, starters, ordinals: of.includes('de') };
  known.set(key, made);
  return made;
}

/** Words before one letter that names a thing: "vitamin C", "plan B". */
export const lettered = new Set(
  'vitamin plan option group type class grade team point part section answer choice hepatitis appendix exhibit category level step figure table model series line gate terminal block building room row set side phase variant version platform stage league language letter column cell node person player company product item case candidate sample patient state station city town gruppe typ klasse teil punkt antwort variante gleis buchstabe hepatitis vitamina opción grupo tipo clase punto parte letra respuesta vitamine groupe classe partie lettre réponse hépatite opzione gruppo classe lettera risposta opção classe ponto resposta groep optie klas antwoord'.split(
    ' ',
  ),
);

/** Words after which "8." is an ordinal in German. */
export const ordinalBefore = new Set(
  'am der die das dem den des im zum vom beim zur ins jeder jedes jede unser unserer unseren ihr ihrem ihren sein seinem seinen mein meinem meinen dieser diesem diesen bis seit ab zu und oder mein ein einem einen mit'.split(
    ' ',
  ),
);

/** The names of months where a day before them has a full stop. */
export const months = new Set(
  'januar jänner februar feber märz maerz april mai juni juli august september oktober november dezember jan feb mrz apr jun jul aug sep sept okt nov dez januari februari mars maj juni juli augusti oktober december marts maj'.split(
    ' ',
  ),
);
