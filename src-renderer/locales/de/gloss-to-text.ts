import type { glossToText as english } from '../en/gloss-to-text.ts'
import type { Translation } from '../translation.ts'

export const glossToText: Translation<typeof english> = {
  title: 'Glossen zu Text',
  action: 'Glossen zu Text …',
  start: 'Starten',
  off: 'Es ist kein Server genannt',
  offText:
    'Ein Sprachmodell hinter einer OpenAI-kompatiblen Adresse macht aus Glossen Sätze. Nennen Sie eine in den Einstellungen, zuerst eine auf diesem Rechner. Bis dahin wird nie etwas gesendet.',
  toSettings: 'Zu den Einstellungen',
  model: 'Modell',
  modelHint: 'Sein Name, wie ihn der Server kennt.',
  language: 'Sprache der Sätze',
  languageHint: 'In Worten, die das Modell liest.',
  glosses: 'Glossen',
  examples: 'Beispiele in der Anfrage',
  examplesHint: 'Nur aus dem Teil „train“, gewählt nach dem Startwert.',
  system: 'Anweisung',
  systemHint: "Steht einmal am Anfang. {'{language}'} wird ersetzt.",
  template: 'Frage zu jedem Clip',
  templateHint: "{'{glosses}'} und {'{language}'} werden ersetzt.",
  templateProblem: "Die Frage muss {'{glosses}'} enthalten.",
  temperature: 'Temperatur',
  maxTokens: 'Längste Antwort (Token)',
  timeout: 'Geduld (Sekunden je Antwort)',
  staysHere: 'Fragt {host} auf diesem Rechner nach {n} Clips. Kein Text verlässt ihn.',
  goesTo: 'Fragt {host} nach {n} Clips.',
  without:
    'kein Clip | Ein gewählter Clip hat keine Glossen und bleibt weg. | {n} gewählte Clips haben keine Glossen und bleiben weg.',
  prompt: 'Die ganze Anfrage zum ersten Clip',
  readable: 'Die Verbindung zu {host} ist nicht verschlüsselt: Jeder auf dem Weg kann den Text lesen.',
  agree:
    'Ich stimme zu, dass die Glossen dieser Clips und die Beispielsätze diesen Rechner in Richtung {host} verlassen. Videos werden nie gesendet.',
  server: 'Glossen zu Text',
  address: 'Adresse eines OpenAI-kompatiblen Servers',
  addressHint:
    'Leer: aus, nie wird etwas gesendet. Bei einem Server auf diesem Rechner bleibt der Text hier.',
  key: 'Schlüssel',
  keyHint: 'Liegt im Schlüsselbund des Systems, nie in einem Korpus oder Protokoll.',
  hasKey: 'Der Schlüsselbund hat einen Schlüssel für diesen Server. Ein neuer ersetzt ihn.',
  forgetKey: 'Vergessen',
  variableSet:
    'Der Schlüssel kommt aus der Umgebungsvariable {variable}. Er wird nie auf die Platte geschrieben.',
  variableUnset:
    'Falls der Server einen Schlüssel verlangt, starten Sie Signwright mit ihm in der Umgebungsvariable {variable}. Nur das Desktop-Programm hat einen Schlüsselbund; Schlüssel werden nie auf die Platte geschrieben.',
}
