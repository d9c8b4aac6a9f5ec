const mark = (startMs: number, endMs: number) => `\u0015${startMs}_${endMs}\u0015`

/** A small transcript with all kinds of lines: two speakers, dependent lines, a line that goes on, one without times. */
export const CHAT = [
  '@UTF8',
  '@Begin',
  '@Languages:\tase, eng',
  '@Participants:\tS01 Ada Participant, INV Investigator',
  '@ID:\tase|corpus|S01|34;|female|||Participant|||',
  '@ID:\teng|corpus|INV|||||Investigator|||',
  '@Media:\tsession 1, video',
  '@Transcriber:\tGrace',
  '@Date:\t31-MAY-2024',
  '@Situation:\tat a table,',
  '\twith two cameras',
  `*S01:\tIX-1 GO HOME . ${mark(1000, 2500)}`,
  '%gls:\tI go home',
  '%com:\tleft hand',
  '%com:\tthen right hand',
  '*INV:\twhen ?',
  `*S01:\tTOMORROW MORNING`,
  `\tEARLY . ${mark(4000, 5200)}`,
  '%gls:\ttomorrow, early in the morning',
  '@Comment:\tthe bell rings',
  `*INV:\tgood . ${mark(5100, 5600)}`,
  '@End',
  '',
].join('\n')
