export const report = {
  title: 'Bericht',
  lead: 'Bewertungen mit Signaturen, Tests, Diagrammen, Methoden und Grenzen als eine Seite, und Tabellen für LaTeX. Er enthält nur Zahlen, keinen Clip.',
  page: 'Seite',
  tables: 'LaTeX-Tabellen',
  file: 'Datei',
  fileHint: 'Nach ihrer Endung: {endings}.',
  save: 'Speichern',
  print: 'Drucken …',
  printHint:
    'Für ein PDF im Druckdialog „Als PDF speichern“ wählen: dieser Browser erzeugt es. Das Desktop-Programm speichert .pdf selbst.',
  saved: 'Der Bericht liegt in',
  preview: 'Vorschau',
  making: 'Die Bewertungen werden gezählt …',
  browse: 'Ordner des Berichts',
  to: 'Bericht …',
}
