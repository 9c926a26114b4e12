/** What Punkt learns from a corpus, written by hand for this project: what newspapers' English abbreviates, and how it spells words. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** In lower case, without the last full stop. */
export const abbreviations: ReadonlySet<string> = new Set([
  ...words(`
    mr mrs ms messrs dr prof rev st jr sr hon pres gov sen rep gen col maj capt lt sgt cmdr adm
    inc corp co cos ltd bros plc
    jan feb aug sept sep oct nov dec mon tue tues wed thu thurs fri
    vs v ave blvd rd mt ft nos fig
    a.m p.m u.s u.k u.n u.s.a d.c l.a n.y n.j e.u b.c a.d ph.d m.d j.d b.a m.a
    calif conn fla mich minn okla ore pa tenn tex va vt wash wis ala ariz colo ga
  `),
  // Units, sizes and initials, where a letter more often stands for those than at the end of a list ("plan B").
  ...'cdefghklmnpqrstuvwxz',
  '. . ',
]);

/** A word in front of a full stop, and the word behind it that goes on. */
export const collocations: ReadonlySet<string> = new Set<string>([]);

/** Words that often start a sentence, and stand in names and titles with a capital letter too. */
export const starters: ReadonlySet<string> = words(`
  the a an in on at for but he she it they we this that these those there mr mrs ms i you if when while
`);

/** Words that have a capital letter only where they start a sentence. */
export const ordinaryWords: ReadonlySet<string> = words(`
  however although though because since moreover meanwhile nevertheless furthermore therefore thus also still
  then so yet here what why how who where which whose whether unless until once during without within despite
  his her its their our my your every each both either neither many most some few several another such
  perhaps maybe indeed instead otherwise additionally finally eventually recently currently usually often
  sometimes always never again already almost even just only especially generally specifically similarly
  consequently hence likewise nonetheless besides overall given based according
  is are was were do does did has have had can could will would shall should may might must let
  be been being am
  think imagine consider remember note please make take get give go come see look find know feel try use keep
  add put set show tell ask want need help start begin write read learn work play run walk eat drink buy wait
  stay join bring call turn move live love hope dream explore discover enjoy create build choose follow
  arrive leave return spend visit watch listen look open close send meet learn
  answer question title chapter scene page subject example reason step point part idea thing way word story song poem letter
  person people child children man woman friend friends family mother father parents students teacher
  day night morning evening week month year time life home place water food money job
  dear hello thank thanks yes sure okay well oh now today tomorrow yesterday tonight
  good great better best bad big small little old young long short high low easy hard happy sad beautiful
  important different first second third last next final other same more less much very too
  up down out over under into onto from with about after before between through across against among around
  by of off to than like as or nor
`);
