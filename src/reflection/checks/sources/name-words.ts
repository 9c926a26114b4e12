/** Words that stand in capitals, by what they say of a name. All as `nameKey` writes them. */

/** A word as names are compared: without case, accents, dots and a genitive's "s". */
export function nameKey(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’]s?$/, '')
    .replaceAll('.', '')
    .replaceAll('ß', 'ss');
}

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** In capitals for other reasons than being a name, or part of a title or a heading that nobody looks up. */
export const notNames = set(`
i ok okay yes no note notes summary answer conclusion overview introduction key a an the this that these those it its he she they we you your my our his
her their and or but if so in on at by for from to of with as is are was were be there here when while after before since because however therefore thus
also then first second third finally according based what who where why how which not all both each some many most please once only every any until
during under over about between next last new total name date time price address phone email website hours location contact question questions
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays
january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz mai juni juli oktober dezember
lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre
lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
english french german spanish korean japanese chinese italian european american british asian international national
customer customers support service services team desk help human resources sales marketing finance legal department office manager director chief
executive officer president vice chairman chairwoman chair head lead leader senior junior assistant associate engineer developer designer analyst
secretary treasurer coordinator editor author founder ceo cfo cto coo hr it pr vp faq pdf url usb gps vat id html css api sms pin dvd tv wifi wi-fi
bluetooth internet online web app covid celsius fahrenheit am pm est pst cet utc gmt
points steps step items action actions takeaways findings facts details benefits features tips instructions ingredients directions method materials
requirements policy policies terms conditions privacy returns refund refunds shipping delivery order orders invoice payment account settings menu
background results discussion decisions agenda attendees participants open issues risks budget schedule timeline deadline deadlines status update
section chapter page part article table figure appendix source sources reference references document doc step important warning caution tip
good great sure certainly yes let here's thanks thank thankyou dear regards best sincerely kind hi hello
ihr ihre ihren ihrem ihrer ihnen sie wir der die das den dem des ein eine einen im am zum zur bei nach mit von vor fur und oder aber wenn dann danach
sowie hier es ist sind war werden wird alle jede jeder diese dieser dieses bitte kundenservice kundendienst zusammenfassung hinweis hinweise schritt
le la les un une des du au aux ce cette ces il elle ils elles nous vous votre vos notre nos pour dans avec sur par apres avant service client resume
el los las una unos unas al del este esta estos estas su sus nuestro nuestra usted ustedes para con por despues antes servicio atencion cliente resumen
en y et ou o si se lo
`);

/** Before or after a name; they state nothing themselves. */
export const honorifics = set(`
mr mister mrs ms miss madam madame mme mademoiselle mlle monsieur dr doctor docteur docteure doctora prof professor professeur profesor profesora sir lady
herr herrn frau senor senora senorita sr sra srta don dona st saint hr fr
`);

/** With one other word they make the full name of an organisation or a place. */
export const partOfName = set(`
university college institute school academy foundation association society museum library hospital clinic bank group company corporation inc ltd llc plc
gmbh ag labs laboratories laboratory studios partners airlines airport station street avenue road lane square bridge park river lake mountain island
castle cathedral church theatre theater hotel city council ministry agency authority commission committee federation union party centre center
universite universidad instituto institut fondation fundacion musee museo hopital banque banco rue calle plaza avenida boulevard
`);

/** German nouns that stand right before others: "Anfang März", "Liter Wasser". */
export const smallNouns = set(`
anfang mitte ende prozent euro cent liter gramm kilo kilogramm meter kilometer zentimeter millimeter stuck tasse tassen essloffel teeloffel prise dose
glas packung bund scheibe scheiben uhr stunde stunden minute minuten tag tage wochen monate jahre art million millionen milliarden tausend dutzend grad
watt volt nummer seite kapitel abschnitt absatz schritt punkt stufe raum zimmer halle gleis linie bus platz familie firma stadt land gemeinde kreis el tl
`);

/** First names that are frequent where the checked languages are spoken: what follows one is a person's name. */
export const firstNames = set(`
anna anne annie alice amelia amanda amy andrea angela barbara beatrice brenda carla carmen carol caroline catherine charlotte chloe christina clara claire
daniela deborah diana donna dorothy elena elisa elizabeth ella ellen emily emma erica eva fatima fiona frances gabriela grace hanna hannah heather helen
helena ines ingrid irene isabel isabella jane janet jennifer jessica joanna johanna julia julie karen kate katharina katherine kathrin kim klara laura lea
lena leonie leila lily linda lisa lucia lucy luisa madison margaret maria marie marina marta martha mary megan melissa mia michelle mila monica nadia nancy
natalie nicole nina nora olga olivia pamela patricia paula petra priya rachel rebecca renate rita rosa ruth sabine sandra sara sarah silvia simone sofia
sonja sophia sophie stefanie stephanie susan susanne sylvie teresa theresa tina ursula valentina valerie vanessa vera veronica victoria yasmin yvonne zoe
adam adrian alan albert alberto alejandro alex alexander alfred ali andre andreas andrew andy anthony antoine antonio arthur ben benjamin bernd bernhard
bill bob brian bruno carl carlos charles chris christian christoph christopher claude daniel david dennis diego dieter dirk dominik donald edward emil
enrique eric erik ernst fabian felipe felix fernando florian francisco frank franz fred frederik friedrich gary georg george gerald gerhard gilles greg
gregory guillaume gustav hans harald harry heinrich helmut henri henry herbert hermann hugo ian ivan jack jacob jacques jakob james jan jason javier jean
jeff jeremy jerome jim joachim joe joel johann johannes john jonas jonathan jorge jose joseph juan juergen julian julien jurgen karl karsten keith ken
kenneth kevin klaus kurt lars laurent leo leon leonard louis luc lucas luis lukas manfred manuel marc marco marcel marcus mario mark markus martin mateo
matthew matthias max michael michel miguel mike mohamed nathan nicolas niklas nils noah norbert oliver olivier omar oscar oskar otto pablo pascal patrick
paul pedro peter philip philipp philippe pierre rafael rainer ralf ralph raul raymond richard robert roberto roger roland ron rudolf ryan sam samuel
sebastian sergio simon stefan stephan stephen steve steven sven ted theo thierry thomas tim timothy tobias tom tony uwe victor vincent volker walter
werner wilhelm william wolfgang xavier yves
`);
