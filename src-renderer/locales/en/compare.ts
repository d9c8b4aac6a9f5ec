export const compare = {
  parts: { scores: 'Scores', segments: 'Segments', published: 'Published' },
  runs: 'Runs to compare',
  madeBy: 'Made with {model}',
  split: 'Split',
  everySplit: 'every split',
  tokenizer: 'Tokenizer',
  autoTokenizer: 'tokenizer of the language',
  scores: 'Corpus scores',
  metric: 'Metric',
  baseline: 'baseline',
  scoring: 'Scoring…',
  noRuns: 'There is nothing to compare yet',
  noRunsText:
    'A run is one model’s output over a set of clips. Translate some clips on the Corpus screen, then come back.',
  toCorpus: 'Go to Corpus',
  choose: 'Choose a run',
  chooseText: 'Choose two or more runs above to see them side by side.',
}
