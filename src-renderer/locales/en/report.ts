export const report = {
  title: 'Report',
  lead: 'Scores with signatures, tests, plots, methods and limits as one page, and tables for LaTeX. It holds numbers alone, no clip.',
  page: 'Page',
  tables: 'LaTeX tables',
  file: 'File to save',
  fileHint: 'By its ending: {endings}.',
  save: 'Save',
  print: 'Print…',
  printHint:
    'For a PDF, choose “Save as PDF” in the print dialog: this browser makes it. The desktop program saves .pdf by itself.',
  saved: 'The report is in',
  preview: 'Preview',
  making: 'The scores are being counted…',
  browse: 'Folder of the report',
  to: 'Report…',
}
