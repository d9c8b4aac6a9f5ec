export const explanation = {
  title: 'Where the model looked',
  attention: 'Attention',
  nearest: 'Nearest words',
  most: 'most',
  toggle: 'lanes',
  toggleTip: 'Show below the video where the model looked for each word',
  chosen: 'the chosen output',
  wordTip: 'Lights up where the model looked while it wrote this word; click goes to the peak',
  peak: '{word}: peak at {seconds} s',
  honest:
    'Attention, not proof: one row a word, brightest where the decoder looked while it wrote it (mean of the upper layers). A model may look at one place and know from another.',
  nearestTip:
    'For each visual token the vocabulary item whose embedding is nearest: what the token resembles, not a translation. Solid: frames; dashed: motion windows, which have seen most of the clip.',
  spatialToken: '{words} · frames {from}–{to} s | {words} · {n} tokens, frames {from}–{to} s',
  motionToken: '{words} · motion windows {from}–{to} s | {words} · {n} tokens, motion windows {from}–{to} s',
  ctc: {
    title: 'Labels of the recogniser, step by step',
    both: 'Glosses',
    bothTip: 'What the steps collapse to: prefix beam search and the likeliest label of each step agree',
    beam: 'Prefix beam',
    beamTip: 'The sequence whose paths have the highest probability together (prefix beam search)',
    greedy: 'Best path',
    greedyTip: 'The likeliest label of each step, repetitions joined and blanks left out',
    blank: '∅ blank',
    blankShare: 'blank best: {share} %',
    glossTip: '{gloss}: steps {first}–{last} on its likeliest path, P = {probability} in the strongest',
    labelTip: '{gloss}: steps {first}–{last}',
    honest:
      'One column a step of the recogniser, one row a label: the darker, the likelier; framed from 0.5 on. Networks trained with CTC fire briefly, often late, and say blank in between: in so many percent of the steps the blank is the likeliest. The span of a gloss is where it fires, not how long the sign lasts.',
  },
  none: 'No run has translated this clip yet: nothing to explain.',
  imported: 'This output was imported from a file: where its system looked is not known.',
  glosses: 'This run read the glosses of the clip and never saw the video.',
  earlier:
    'This run was made by an earlier version that did not keep attention. Translate the clip again to see it.',
  changed: 'The video has fewer frames than when this output was made. Translate the clip again.',
  noWords: 'This output has no words.',
}
