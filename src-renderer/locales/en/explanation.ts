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
  none: 'No run has translated this clip yet: nothing to explain.',
  imported: 'This output was imported from a file: where its system looked is not known.',
  glosses: 'This run read the glosses of the clip and never saw the video.',
  earlier:
    'This run was made by an earlier version that did not keep attention. Translate the clip again to see it.',
  changed: 'The video has fewer frames than when this output was made. Translate the clip again.',
  noWords: 'This output has no words.',
}
