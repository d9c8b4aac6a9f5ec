import { describe, expect, test } from 'vitest'
import { NO_REAL_FILES, realFiles } from '../testing/real-files.ts'
import { readEcv } from './ecv.ts'
import { readPfsx } from './pfsx.ts'

test('reads an external vocabulary with entries in two languages', () => {
  const text = `<CV_RESOURCE AUTHOR="A" DATE="2024-01-01T00:00:00Z" VERSION="0.2">
    <LANGUAGE LANG_DEF="d" LANG_ID="eng" LANG_LABEL="English"/>
    <CONTROLLED_VOCABULARY CV_ID="Hands">
        <DESCRIPTION LANG_REF="eng">all</DESCRIPTION>
        <CV_ENTRY_ML CVE_ID="c1" EXT_REF="er1"><CVE_VALUE LANG_REF="eng" DESCRIPTION="x">left</CVE_VALUE><CVE_VALUE LANG_REF="deu">links</CVE_VALUE></CV_ENTRY_ML>
    </CONTROLLED_VOCABULARY>
    <EXTERNAL_REF EXT_REF_ID="er1" TYPE="iso12620" VALUE="http://x"/>
</CV_RESOURCE>`
  expect(readEcv(Buffer.from(text), 'a.ecv')).toEqual({
    author: 'A',
    date: '2024-01-01T00:00:00Z',
    languages: [{ id: 'eng', definition: 'd', label: 'English' }],
    vocabularies: [
      {
        name: 'Hands',
        externalRef: '',
        descriptions: [{ language: 'eng', text: 'all' }],
        entries: [
          {
            id: 'c1',
            externalRef: 'er1',
            values: [
              { language: 'eng', value: 'left', description: 'x' },
              { language: 'deu', value: 'links', description: '' },
            ],
          },
        ],
      },
    ],
    externalRefs: [{ id: 'er1', type: 'iso12620', value: 'http://x' }],
  })
  expect(() => readEcv(Buffer.from('<a/>'), 'a.ecv')).toThrow('this is no external vocabulary')
})

test('reads the order, colours and fonts of tiers from preferences', () => {
  const text = `<preferences version="1.1">
    <prefList key="MultiTierViewer.TierOrder"><String>B</String><String>A </String></prefList>
    <prefList key="MultiTierViewer.HiddenTiers"/>
    <prefGroup key="TierColors"><pref key="A "><Object class="java.awt.Color">255,0,16</Object></pref></prefGroup>
    <prefGroup key="TierFonts"><pref key="B"><Object class="java.awt.Font">Charis SIL,0,12</Object></pref></prefGroup>
    <pref key="SelectionBeginTime"><Long>10</Long></pref>
    <pref key="SelectionEndTime"><Long>20</Long></pref>
    <pref key="MediaTime"><Long>-1</Long></pref>
</preferences>`
  expect(readPfsx(Buffer.from(text), 'a.pfsx')).toEqual({
    tierOrder: ['B', 'A '],
    hiddenTiers: [],
    tierColors: { 'A ': '#ff0010' },
    tierFonts: { B: 'Charis SIL' },
    activeTier: '',
    selection: { startMs: 10, endMs: 20 },
    mediaTimeMs: null,
    values: { SelectionBeginTime: '10', SelectionEndTime: '20', MediaTime: '-1' },
    keys: [
      'MultiTierViewer.TierOrder',
      'TierColors',
      'TierFonts',
      'SelectionBeginTime',
      'SelectionEndTime',
      'MediaTime',
    ],
  })
})

const files = realFiles('.ecv', '.pfsx')

test.skipIf(files.length)('real side files', ({ skip }) => skip(NO_REAL_FILES))

describe.each(files)('$name', ({ name, bytes }) => {
  test('says something', () => {
    if (name.endsWith('.ecv')) expect(readEcv(bytes, name).vocabularies[0]?.entries.length).toBeGreaterThan(2)
    else expect(Object.keys(readPfsx(bytes, name).tierColors)).toContain('Story')
  })
})
