/**
 * What the token estimate knows of English. The words are the 1,500 most frequent ones of public question sets (MMLU, GSM8K, IFEval) that are one
 * token of Llama 3's vocabulary in lower case, with a capital, and with or without a space before them. Letter pairs and triples are the most
 * frequent ones of all other words there.
 */

/** One token each. */
export const singleTokenWords: ReadonlySet<string> = new Set(
  `
  a ability about above absolute accept accepted access according account act action actions active activities activity acts actual
  actually ad add added additional address administration adult advance after again against age agency agent agents aggregate ai air
  al alarm all allow allowed allows almost along already also alternative although always am american among amount an analysis and
  angle angular animal annual another answer answers anti any anything api apple application apply are area areas argument arguments
  around art article artist as asia ask assets assigned assignment assistant associated association at atom attack attempt attention
  audit author authority available average avoid aware away axis b baby back bad bag balance ball bank bar base based basic battery
  be beat because bed been before begin behavior being below best better between bias bid big bill binding birth birthday black
  block blocks blood blue board body bond bone book books born boss both bottom bound box boxes boy brain branch brand break bring
  broken budget build builder building built bullet bus business but buy by c ca cache calculate call called calls campaign can
  candidate cannot capacity capital car carbon card cards care cars case cases cash cat caught cause cell cells center central ch
  chain challenge change changed changes changing channel character charge chat check checks chief child children china choice
  choose church cities city civil claim claims class classes clause clear client clients close closed club co coach code coffee cold
  collect collection collector college collision color combined come coming commerce commercial commission commit common
  communication community companies company comparison complete completed complex component computer concept condition conditions
  connected consider constant construct construction consumer contact contains content context continue continuous contract
  contracts control conversation conversion cookies copy core correct cost could count counter countries country county course court
  cover cream create created creating creation credit crime critical cross culture current currently curve customer customers cut
  cycle d daily damage danger data date day days de dead deal dealer death decision declaration deep default defense defined
  definition degree degrees delivery demand density department describe description design develop developer development device did
  didn die difference different difficulty direct direction discount display distance distribution district division do doc docs
  doctor doctrine document does dog doing domain don done door double down dr draft drink drive driver drug due during e each early
  earn earth east eat edge education effect effective effects eight either electric element elements else emergency employee
  employees end ended energy engine english ensure enter entered entity entry environment equal equality equals equipment error
  errors establish estimated evaluation even event events ever every everyone everything exact exam example examples except
  exception exchange exclusive exercise exist existing exists expect expected expense experience experiment expert express
  expression external extra eye f face fact factor failed failure fair fall false family fan far farm fast fat father feature
  features fed fee feedback feel female few field fight file files fill final finally financial find finding fine finish finished
  fire first fish five fixed floor flow fluid focus follow following food foot football for force foreign form format formation
  former forms forward found four free frequency friend friends from front full fully function functional functions fund future g
  gain game games gap gas gender gene general generation get gets getting girl girls give given glass global go goal goals god going
  gold good goods got government grade grand grant graph great greater green ground group groups grow guard gun h had hair half hand
  hands hard has have having he head health healthy heart heat heavy height help her here high higher highest his history hit hold
  home hope horizontal hospital host hot hotel hour hours house how however human i ice id ideal identity if illegal image impact
  important in include included includes including income increase index individual industry information initial input inside
  installed instead instruction instructions instrument insurance integer intent interaction interest interested internal
  international internet intersection interval into invalid inventory iron is issue issues it items its j job jobs john joint json
  judge just justice k keep key keywords kids kill kind king know knowledge known l lake land language large last late later latin
  law layer lead leader leaders leading learn learning least leave led left leg legal length less let letter letters level levels
  license life light like limit limited limits line linear lines list little live living load loan local located location log logic
  long look looking loss lost lot lots love low lower m machine made mail main maintenance major make makes making male man
  management manager manufacturer many mark markdown market marketing marks mass match material materials math max maximum may mc me
  mean means measure media medical meet meeting member members memory men message messages met metal method methods middle mill min
  mind mine minimum minor minute minutes mode model models modern moment money month monthly months moon more most mother motion
  motor move moved movement moves movie moving mr ms much multiple music must mutation my n name named names nation national native
  natural nature near need needed needs negative neighbor net network neutral never new news next night no node non none nor normal
  normally north not note nothing notice now null number numbers o object objective objects of off offer offers office official
  often oil old on once one online only open operation operations operator option options or orange order ordered orders
  organization original other others otherwise our out outcome output outside over overall own owned owner owners ownership p pack
  package page paid paint pair paper paragraph parallel parcel parent parents park part participants particle partner parts party
  pass passed past path patient patients pattern patterns pay payment payments peace people per percent percentage perfect perform
  performance period permanent permission person personal persons ph phase phone phrase physical pick piece pieces place places
  plain plan plane planet plans plant play player playing please plus point points policy political pool popular population port
  position positive possible post potential power practice pre presence present press pressure previous price prices primary
  principal prior privacy private probability probably problem procedure process processing product production products professional
  profit program project promise prompt proof properties property protect protected provide public published purchase pure purpose
  put py python q quality quantity quarter queen question questions r race radius raise raised random range rate rates rather ratio
  ray re reach reaction read reading real really realm reason receive received recent record records red reduce reference reflect
  reflection region regular reject related relations relationship relative release released remaining remember remove removed rent
  repair repeat report reports represent representation request requests require required requirements requires research resources
  respond response responses rest restaurant result results retry return returned returns review rich right rights ring risk road
  rock role roman room round rule rules run running runs s safe salary sale sales same sample samples sampling save say scale
  scenario school science score scores sea search seat second secondary seconds section sections secure security see seeing seek
  seen select selected selection self sell seller send sense sent sentence sequence series serve server service services session set
  sets setting seven sex shape share shared she shift ship shop shopping short shot should show shows side sign signed silver
  similar simple since single site six size skills skin sleep small so social sold solution some someone something sometimes son
  song soon sound source sources south space special species specific speech speed sphere spirit split spread square src staff stage
  stand standard standing star start started starting state statement statements states station status stay step steps still stock
  stone stop storage store stored story straight strategy stream street strength strict string strip strong structure student
  students study style sub subject subjects submitted success successful such suit sum summary sun supplier supply support supported
  sure surface survey system systems t table take taken taking tank target task tasks tax teacher teachers team technology telephone
  tell temperature ten tenant term terms test testing tests text th than that the their them then theory there these they thing
  things think thinking third this those though thought three through thus time times title to today token tokens too tool tools top
  total town trade traditional traffic train training traits transfer translation transport travel tree trees trial trip true trust
  truth try trying ts turn twenty two type types u un unable under union unit units universal unknown unless until up upon upper
  urban us usage use used user users uses using usually utility v valid value values variable variables vehicle velocity verify
  version very via video view views visit volume vote vs w wait walk walking wall want war warning was watch water wave way we weak
  weapons web week weight well were west western what when where whether which while white who whole why wide widgets will win
  window with within without woman women won word words work worker workers working works world would write writing written wrong x
  y year years yellow yes yet you young your z zero
`
    .trim()
    .split(/\s+/),
);

/** Two letters that often follow one another. */
export const commonPairs: ReadonlySet<string> = new Set(
  `
  ab ac ad ag ai al am an ap ar as at au av ay ba be bi bl bo br bu ca cc ce ch ci ck cl co cr ct cu da de di do dr ds du ea ec ed
  ee ef eg ei el em en ep er es et ev ex fa fe ff fi fo fr ga ge gh gi gr gu ha he hi ho ht ia ib ic id ie if ig il im in io ip ir
  is it iv iz ju ke la le li ll lo ls lt lu ly ma me mi mm mo mp mu na nc nd ne nf ng ni no ns nt nv ob oc od og ol om on oo op or
  os ot ou ov ow pa pe ph pi pl po pp pr pt pu qu ra rc rd re rg ri rm rn ro rr rs rt ru ry sa sc se sh si sm so sp ss st su ta te
  th ti tl to tr ts tt tu ty ua uc ud ue ug ui ul um un up ur us ut va ve vi wa we wi
`
    .trim()
    .split(/\s+/),
);

/** Three letters that often follow one another, as groups: the first two letters, then each letter that may be the third. */
export const commonTriples: ReadonlySet<string> = new Set(
  `
  abilos acacehikqrty adadeimosuv affrt ageinor aidlmnrt ake alaceiklostuy amabeimops anacdegiknostuy apaehiopty arabcdegiklmnorsty
  asehikostu atacehimorstu audglnst avaeio awas axe ayeis baclnrst bbe beacdghlnrs bilnot bje bleioy bolnoru braeio bset bta bursty
  cablmnprstu cceiou ceadeilmnprs chaeinor ciadeflnoprst ckels claeiou coaghlmnoprsuv cqu craeiou ctaeilorsu culmprst damnrtuy ddei
  deabcdeflmnprstv dgem diacefgnorstv dley dmei dnae dolmnw draeio duaclst dvae eabcdklnrstv eba ecaehiklortu edeiosu eedklmnprst
  efefiou egaeiloru ehao eigntv eks eladefilostvy emabeiops enacdefgilostuv eorw epaehilortu equ eracdefgilmnoprstvy esceiopstu
  etaehirsty eur evaeio ewe exaceiptu eye facilmrtv feacdelnrs ffei ficdelnrst flaeiou folru fraei fte fulnrs gaglnrtv gednorst gge
  ghlt gicnostv glaeioy gme gnaeio gonrv graeio guaeil hablmnprstv headeilmnorst hibceglmnprs hme hni holmnoprstuw hreio hte humns
  hydps iabglnrt ibeilru icaehiklstu idaeisu iedfnrstv ifefity igaehinr iii ike iladeilosty imaeimopsu inacdefghijknostuv iolnrsu
  ipalpst iqu iraceimorstu isacdehilmopst itacehinorstuy ium ivaei izaei jec judnrs kedlnrst kiln kneo labcimnrstuvwy lde
  leacdgmnrstv liabcdefgkmnopstvz llaeiosuy loacgnoprstuwy ltaehiuy lucdemnst lve macgilnrst mbeilr meacdlmnorst micglnst mmaeiou
  modlnrstu mpaeilortu mse mulnrs nabcdglnrst ncehilorty ndaeilmorsu neacdefgimnorstuwy nfeilo ngaeilrs niacefmnostvz nju nks nly
  nme nnei nomnrstuw nqu nsaceioptu ntaehilorsu nucem nveio oacdt obabeijlst ocacehikr odeiu oes off ogeinry ohi oidn oke
  oladeilosuvy omabeimopsy onacdefgimostvy oodklmnprt opehioprst orabcdegikmnprsty oseiopst otaehiot ougnprst ovaei owaeins oxi oyem
  pacilnrsty peacdlnrst phaeioy picdelnrt plaeio poilnoprstuw ppeilor praeio psy ptaeio publnrt quaei rabcdgilmnprstvwy rbi rcehu
  rdeis reabcdefgilmnpqstvw rfe rgaeiu riabcdefglmnopstuvz rke rliy rmaeios rnaei roabcdfghilmnoprstuvwx rpeor rraeioy rsaehiot
  rtaeghimsuy rucglms rvaei sacgilnrtuwy sba scaehiloru sdi seacdelmnpqrstvx shaeimo siabcdglmnorstv skei slaioy smai soclmnpru
  spaehior ssaeimou staeimorsu suabcefgilmprs swe sycmn tabcgiklmnrstx tch teacdegilmnrs tga thaeiory tiacefglmnorstvz tley tme tne
  tocglmnoprsw traeiou ttaeilor tuadnrt twi typ ualnrt ubls ucceklt udegi uedns uff uggh uilnrst ulaeilst umabep unacdegist upepr
  uracdeginoprstvy usabcehilst utaehioty uye vailnrt vedlmnrsy viacdelnorst volrt walnrsy weadeilnr wheo wicdflnst wne wor wth xam
  xce xecs xicm xpelo xter xua ych ydr yedr yin ymep yon ypeo ysit zat zedn zin
`
    .trim()
    .split(/\s+/)
    .flatMap((group) => [...group.slice(2)].map((third) => group.slice(0, 2) + third)),
);
