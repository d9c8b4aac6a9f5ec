import type { Upos } from '#shared/domain/pos.ts'
import type { Tagger, Token } from './token.ts'
import { wordsOf } from './words.ts'

/**
 * German weather forecasts in some three hundred forms, written for the demo corpus: what there is before a tagger has
 * been trained. By part of speech; `form=lemma` where they differ. Guidelines: Universal Dependencies, German.
 */
const LEXICON: Partial<Record<Upos, string>> = {
  NOUN: `montag dienstag mittwoch donnerstag freitag samstag sonntag tag tage=tag tagen=tag nacht nächte=nacht abend
    vormittag nachmittag mittag wochenende woche wochen=woche jahr norden nordosten nordwesten süden südosten südwesten
    westen osten nord süd west ost nordost nordwest südost südwest mitte hälfte küste küsten=küste meer nordsee
    ostsee alpen berg berge=berg bergen=berg bergland land länder=land region regionen=region gebiet gebiete=gebiet
    gebieten=gebiet ort orte=ort sonne sonnenschein gewitter nebel frost wind winde=wind sturm böe böen=böe regen
    regenfälle=regenfall schauer schauern=schauer schnee schneefall schneeregen hagel glätte eis luft kaltluft warmluft
    tief tiefs=tief hoch hochs=hoch hochdruck tiefdruck temperatur temperaturen=temperatur wert werte=wert werten=wert grad
    wolke wolken=wolke wetter wettervorhersage vorhersage aussicht aussichten=aussicht beginn ende zeit teil teile=teil
    stunde stunden=stunde uhr dame damen=dame herr herren=herr zuschauer januar februar märz april mai juni juli august
    september oktober november dezember frühling sommer herbst winter`,
  PROPN: `deutschland bayern niederbayern oberbayern sachsen hessen schleswig-holstein mecklenburg brandenburg berlin
    hamburg rhein elbe donau saarland europa skandinavien frankreich island`,
  ADJ: `trocken trockene=trocken trockenen=trocken nass nasse=nass warm warme=warm warmen=warm kalt kalte=kalt
    kalten=kalt mild milde=mild milden=mild freundlich freundliche=freundlich freundlichen=freundlich wechselhaft
    bewölkt bedeckt heiter klar klare=klar neblig sonnig sonnige=sonnig sonnigen=sonnig stark starke=stark
    starken=stark starker=stark starkes=stark stärker=stark schwach schwache=schwach schwachen=schwach
    schwacher=schwach schwaches=schwach kräftig kräftige=kräftig kräftigen=kräftig kräftiger=kräftig mäßig mäßige=mäßig
    mäßiger=mäßig frisch frische=frisch frischer=frisch leicht leichte=leicht leichten=leicht leichter=leicht dicht
    dichte=dicht dichten=dicht locker lockere=locker lockeren=locker übrig übrigen=übrig ganz ganze=ganz ganzen=ganz neu
    neue=neu neuen=neu schön schöne=schön schönen=schön schönes=schön gut gute=gut guten=gut lieb liebe=lieb
    nächst nächste=nächst nächsten=nächst erste=erst ersten=erst zweite=zweit zweiten=zweit dritte=dritt dritten=dritt
    glatt möglich`,
  ADV: `heute morgen gestern übermorgen dann danach später zunächst zuerst jetzt nun bald noch schon nur auch wieder
    weiter weiterhin meist meistens oft teilweise vereinzelt örtlich gebietsweise zeitweise langsam dort hier da dazu
    dabei sonst sehr etwas mehr so besonders tagsüber nachts abends morgens mittags minus plus`,
  NUM: `null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn
    siebzehn achtzehn neunzehn zwanzig einundzwanzig fünfundzwanzig dreißig vierzig fünfzig sechzig siebzig achtzig
    neunzig hundert`,
  VERB: `scheint=scheinen scheinen gibt=geben geben weht=wehen wehen frischt=frischen lässt=lassen lassen löst=lösen
    lösen zieht=ziehen ziehen kommt=kommen kommen fällt=fallen fallen bleibt=bleiben bleiben steigt=steigen steigen
    sinkt=sinken sinken regnet=regnen regnen schneit=schneien schneien zeigt=zeigen zeigen bringt=bringen bringen
    liegt=liegen liegen geht=gehen gehen wünsche=wünschen wünschen mache=machen macht=machen machen erreicht=erreichen
    erreichen entsteht=entstehen entstehen breitet=breiten breiten nimmt=nehmen nehmen sorgt=sorgen sorgen
    bestimmt=bestimmen strömt=strömen strömen begrüße=begrüßen bildet=bilden bilden verschwindet=verschwinden`,
  PRON: `es sich ich wir sie ihnen=sie uns=wir man`,
  AUX: `wird=werden werden ist=sein sind=sein war=sein sein hat=haben haben kann=können können muss=müssen müssen soll=sollen
    sollen`,
  ADP: `am im in an auf ab nach aus von vom bei bis mit über unter zu zum zur für durch um ins ans gegen zwischen vor
    entlang ohne seit`,
  DET: `der die das den dem des ein eine einen einem einer eines kein keine keinen viel viele vielen wenig wenige paar
    einige einigen alle allen diese diesen dieser dieses unsere unseren ihre ihren jede jeden`,
  CCONJ: 'und oder aber sondern denn sowie',
  SCONJ: 'dass weil wenn ob während bevor als wie',
  PART: 'nicht',
}

interface Entry {
  lemma: string
  pos: Upos
}

/** Of the readings of a form the first counts: `vor` is a preposition, `das` an article. */
const ORDER: readonly Upos[] = [
  'ADP',
  'DET',
  'CCONJ',
  'SCONJ',
  'PART',
  'AUX',
  'PRON',
  'NUM',
  'ADV',
  'VERB',
  'ADJ',
  'NOUN',
  'PROPN',
]

function entries(): Map<string, Entry> {
  const known = new Map<string, Entry>()
  for (const pos of ORDER)
    for (const item of (LEXICON[pos] ?? '').trim().split(/\s+/)) {
      const [form = '', lemma = form] = item.split('=')
      if (!known.has(form)) known.set(form, { lemma, pos })
    }
  return known
}

/** Words that it does not know are nouns, most likely, and marked as unsure. */
export function createGermanLexicon(): Tagger {
  const known = entries()
  return sentence => wordsOf(sentence, 'de').map(surface => tokenOf(surface, known))
}

function tokenOf(surface: string, known: ReadonlyMap<string, Entry>): Token {
  const lower = surface.toLowerCase()
  const entry = known.get(lower)
  if (entry) return { surface, ...entry, isUnsure: false }
  if (/^[\p{P}\p{S}]+$/u.test(surface)) return { surface, lemma: surface, pos: 'PUNCT', isUnsure: false }
  if (/^[+-]?\p{Nd}/u.test(surface)) return { surface, lemma: surface, pos: 'NUM', isUnsure: false }
  return { surface, lemma: lower, pos: 'NOUN', isUnsure: true }
}
