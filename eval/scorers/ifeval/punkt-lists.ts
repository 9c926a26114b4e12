/** What Punkt learns from a corpus, written by hand for this project: what newspapers' English abbreviates, and how it spells words. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** In lower case, without the last full stop. */
export const abbreviations: ReadonlySet<string> = new Set([
  ...words(`
    mr mrs ms messrs dr prof rev st jr sr hon pres gov sen rep gen col maj capt lt sgt cmdr adm
    inc corp co cos ltd bros plc
    jan feb aug sept sep oct nov dec mon tue tues wed thu thurs fri
    vs v ave blvd rd mt ft nos
    a.m p.m u.s u.k u.n u.s.a d.c l.a n.y n.j e.u b.c a.d ph.d m.d j.d b.a m.a
    calif conn fla mich minn okla ore pa tenn tex va vt wash wis ala ariz colo ga
  `),
  // Letters that often are initials, units or sizes.
  ...'cdefghklmnprstvw',
  '. . ',
]);

/** Words that often start a sentence, and stand in names and titles with a capital letter too. */
export const starters: ReadonlySet<string> = words(`
  the a an in on at for but he she it they we this that these those there mr mrs ms i you if when while
`);

/** Words that have a capital letter only where they start a sentence. */
export const ordinaryWords: ReadonlySet<string> = words(`
  however although though because since moreover meanwhile nevertheless furthermore therefore thus also still then
  so yet here what why how who where which whose whether unless until once during without within despite his her its
  their our my your every each both either neither many most some few several another such perhaps maybe indeed
  instead otherwise additionally finally eventually recently currently usually often sometimes always never again
  already almost even just only especially generally specifically similarly consequently hence likewise nonetheless
  besides overall given based according regardless certainly clearly obviously unfortunately fortunately hopefully
  simply truly really actually basically typically initially originally previously subsequently ultimately suddenly
  slowly quickly carefully gently softly quietly together apart alone away forward nobody nothing something anything
  everything everyone someone anyone none somewhere nowhere whatever whoever whenever wherever
  be been being am let
  think thinking imagine consider considering remember note notice please make making take taking get getting give
  giving go going come coming see seeing look looking find finding know knowing feel feeling try trying use using
  keep keeping add adding put show showing tell telling say saying ask asking want wanting need needing help helping
  start begin write writing read learn work play walk eat drink buy wait waiting stay join bring call
  turn move live love hope dream explore discover enjoy create creating build choose follow arrive leave return spend
  visit watch listen open close send meet believe understand explain describe discuss compare decide
  avoid ensure include including provide offer receive allow improve increase reduce develop change grow
  become seem appear happen continue stop finish complete end accept reject agree refuse suggest recommend require
  does makes takes gives gets goes comes says said tells asks shows means needs wants helps uses works offers sells buys
  operates provides includes contains requires allows creates remains becomes seems appears begins starts ends
  answer question subject example reason step part idea thing way word story poem song letter title chapter scene
  paragraph sentence section essay article summary introduction conclusion overview background content topic theme
  person people child children man woman boy girl friend friends family mother father parent parents brother sister
  husband wife son daughter baby student students teacher teachers professionals teenagers adults workers doctor
  patients lawyer solicitor engineer scientist artist writer author reader readers customer customers user users
  day night morning evening afternoon week month year years time life home place room door window floor wall kitchen
  garden tree trees flower flowers grass leaf leaves river mountain ocean beach forest sky sun moon stars wind
  rain snow fire water air earth stone sand food bread milk cheese butter egg eggs meat fish rice salt sugar pepper
  basil garlic onion tomato potato apple apples banana orange lemon cake coffee tea wine beer bottle cup glass plate
  dog dogs cat cats horse bird birds animal animals cow pig chicken sheep rabbit mouse insects
  car cars train bus plane ship boat bike ticket trip travel hotel restaurant shop store market price
  prices cost costs money job jobs task tasks project projects product products service services problem problems
  solution solutions result results effect effects cause causes method methods process system systems
  computer phone screen software data code device machine tool tools energy power light
  sound music movie film picture photo color colors red blue green yellow black white brown pink purple
  silence noise peace war fear anger joy happiness sadness beauty truth freedom knowledge wisdom strength courage
  patience trust respect kindness health sleep pain heart mind body head face eyes hand hands feet skin bone blood
  clothes shirt shoes hat dress bag box book books paper pen table chair bed lamp key
  dear hello thank thanks yes sure okay oh ah hey hi wow today tomorrow yesterday tonight
  good great better best bad worse worst big small large little old young short high low easy hard happy sad
  beautiful important different similar same other more less much very too enough able available possible impossible
  necessary useful simple difficult clear dark bright warm cold hot dry wet clean dirty quick slow fast strong weak
  rich poor full empty free busy ready safe dangerous healthy sick tired hungry thirsty quiet loud soft sweet
  first second third fourth fifth last next half twice
  into onto from with about after before between through across against among around to than like as
`);

/** Words that have a capital letter in names and headlines too, but not always: no name consists of an initial and them. */
export const wordsInNames: ReadonlySet<string> = new Set([
  ...words(`
    is are was were do did has have had can could will would shall should may might must or nor of by up down
    over under out off well now new long point set run no not
    company bank street house court state city county school university college party office department group fund
    board council committee union association society center hospital church museum library park road square
    president minister secretary director chairman manager general judge attorney senator king queen captain
    north south east west street island lake bay valley river
    course history science law art medicine business economics philosophy education technology industry
    world national international american
  `),
  ...'abcdefghijklmnopqrstuvwxyz',
]);
