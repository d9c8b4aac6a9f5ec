export const tasks = {
  one: 'Task',
  label: 'Task types',
  title: 'What each run turns into what',
  text: 'The task decides the metric: sentences are compared with sentences by BLEU, glosses with glosses by word error rate. Ctrl+Z takes a choice back.',
  names: {
    s2t: 'signing to text',
    s2g2t: 'signing to glosses, glosses to text',
    s2gt: 'signing to glosses and text',
    g2t: 'glosses to text',
    cslr: 'continuous sign recognition',
    islr: 'isolated sign recognition',
  },
  importHint: 'Of CSLR and ISLR the outputs are glosses: they are scored by word error rate.',
  mixed:
    'These runs have different tasks ({tasks}). Systems that read glosses, or were trained with them, are given more than systems that read signing alone.',
  elsewhere:
    'no run | One chosen run writes glosses and is not shown here; its word error rate is under Scores. | {n} chosen runs write glosses and are not shown here; their word error rates are under Scores.',
  glossScores: 'Glosses: word error rate',
  reference: 'Compared with',
  referenceTip: 'What the recognised glosses are compared with',
  cleanup: 'Clean-up',
  cleanups: { none: 'none', phoenix2014: 'PHOENIX-2014', phoenix2014t: 'PHOENIX-2014T' },
  cleanupTip:
    'What published code does to the glosses of both sides first, as neccam/slt: marks of no sign and marks on signs go, spelled letters are joined, repetitions become one',
  ownGlosses: 'glosses that came with the clips',
  tier: 'tier {name}',
  noGlosses: 'There are no glosses to compare with',
  noGlossesText:
    'Choose a tier above that annotates these clips, or import the clips again with their glosses.',
  substitutions: 'Substituted',
  deletions: 'Missing',
  insertions: 'Inserted',
  words: 'Reference glosses',
}
