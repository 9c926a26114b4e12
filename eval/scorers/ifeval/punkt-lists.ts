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
  everything everyone someone anyone none somewhere nowhere whatever whoever whenever wherever be been being am let
  think thinking imagine consider considering remember note notice please make making take taking get getting give
  giving go going come coming see seeing look looking find finding know knowing feel feeling try trying use using
  keep keeping add adding put show showing tell telling say saying ask asking want wanting need needing help helping
  start begin write writing read learn work play walk eat drink buy wait waiting stay join bring call turn move live
  dream explore discover enjoy create creating build choose follow arrive leave return spend visit watch listen open
  close send meet believe understand explain describe discuss compare decide avoid ensure include including provide
  offer receive allow improve increase reduce develop change grow become seem appear happen continue stop finish
  complete end accept reject agree refuse suggest recommend require does makes takes gives gets goes comes says said
  tells asks shows means needs wants helps uses works offers sells buys operates provides includes contains requires
  allows creates remains becomes seems appears begins starts ends answer question subject example reason step part
  idea thing way word story poem song letter title chapter scene paragraph sentence section essay article summary
  introduction conclusion overview background content topic theme person man woman friend friends parent parents
  brother sister husband wife son daughter baby professionals teenagers adults workers patients lawyer solicitor
  engineer scientist artist writer author reader readers customer customers user users night morning evening
  afternoon place room door window floor kitchen garden tree trees flower flowers grass leaf leaves forest wind rain
  sand bread cheese butter egg eggs meat salt sugar basil garlic onion tomato potato apples banana lemon cake tea
  wine beer bottle cup glass plate dog dogs cat cats horse birds animal animals cow pig chicken sheep rabbit mouse
  insects ticket cost costs task tasks project projects problem problems solution solutions result results effect
  effects cause causes method methods process screen code device machine tool tools picture photo colors yellow pink
  purple silence noise fear anger joy happiness sadness beauty truth knowledge wisdom strength courage patience
  respect kindness sleep pain heart mind body face eyes hand hands feet skin bone blood clothes shirt shoes hat
  dress bag paper pen chair bed lamp dear hello thank thanks yes sure okay oh ah hey hi wow today tomorrow yesterday
  tonight better bad worse worst large short high low easy hard happy sad beautiful important different similar same
  other more less much very too enough able available possible impossible necessary useful simple difficult clear
  dark warm cold hot dry wet clean dirty quick slow weak poor full empty busy ready safe dangerous healthy sick
  tired hungry thirsty quiet loud soft sweet half twice into onto from with about after before between through
  across against among around to than like as objective objectives goal goals methodology budget timeline
  recommendations benefits advantages disadvantages challenges requirements features analysis findings references
  purpose scope outcomes strategies strategy techniques approach approaches aspects factors considerations details
  description definition instructions directions ingredients procedure experience skills qualifications
  responsibilities achievements certifications hobbies interests location duration participants materials equipment
  safety quality quantity feedback communication collaboration leadership creativity flexibility efficiency
  productivity sustainability accessibility security privacy preparation implementation evaluation assessment
  monitoring maintenance installation troubleshooting hypothesis experiment observations variables equation formula
  calculate multiply divide subtract characters setting plot conflict climax dialogue narrator verse chorus stanza
  rhyme appetizers dessert breakfast lunch dinner snacks drinks vegetables fruits recipe symptoms diagnosis
  treatment exercise nutrition vitamins protein opening closing greeting greetings sincerely regards warmly
  congratulations welcome goodbye sorry absolutely definitely exactly probably possibly surely seriously honestly
  literally choosing building starting becoming working living eating drinking playing traveling visiting check
  identify analyze determine establish maintain implement evaluate prepare organize collect gather select review
  research contrast define list practice conduct encourage promote support protect prevent regularly daily weekly
  monthly annually afterwards beforehand previous current future recent traditional modern increased reduced
  improved limited various numerous multiple single lack failure success growth decline demand supply impact
  influence role roles value values advice opinion belief beliefs thought thoughts feelings emotions memories dreams
  pictures image images shadows whispers laughter tears smiles petals
`);

/** Words that have a capital letter in names and headlines too, but not always: no name consists of an initial and them. */
export const wordsInNames: ReadonlySet<string> = new Set([
  ...words(`
    is are was were do did has have had can could will would shall should may might must or nor of by up down over
    under out off well now new long point set run no not company bank street house court state city county school
    university college party office department group fund board council committee union association society center
    hospital church museum library park road square president minister secretary director chairman manager general
    judge attorney senator king queen captain north south east west island lake bay valley river course history
    science law art medicine business economics philosophy education technology industry world national
    international american air apple beach best big bike bird black blue boat book books box boy bright brown bus
    car cars child children coffee color computer data day doctor earth energy family fast father fifth film fire
    first fish food fourth free freedom game girl gold good great green head health home hope hotel job jobs key
    last life light little love market men milk money month moon mother mountain movie music next ocean old orange
    peace people pepper phone plane power price prices product products red restaurant rice rich second service
    services ship shop sky small snow software sound stars stone store strong student students sun system systems
    table teacher teachers third time train travel trip trust wall war water week white women year years young
  `),
  ...'abcdefghijklmnopqrstuvwxyz',
]);
