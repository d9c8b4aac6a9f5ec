/** A small interlinear text: two speakers, words of morphemes, punctuation, two notes, a phrase without times. */
export const FLEX = `<?xml version="1.0" encoding="utf-8"?>
<document version="2">
  <interlinear-text guid="11111111-1111-4111-8111-111111111111">
    <item type="title" lang="en">Going home</item>
    <paragraphs>
      <paragraph guid="22222222-2222-4222-8222-222222222222">
        <phrases>
          <phrase guid="33333333-3333-4333-8333-333333333331" begin-time-offset="1000" end-time-offset="3000" speaker="Ada" media-file="44444444-4444-4444-8444-444444444444">
            <item type="segnum" lang="en">1</item>
            <words>
              <word guid="55555555-5555-4555-8555-555555555551">
                <item type="txt" lang="xyz">kurrin</item>
                <morphemes>
                  <morph type="stem"><item type="txt" lang="xyz">kur</item><item type="gls" lang="en">go</item></morph>
                  <morph type="suffix"><item type="txt" lang="xyz">-in</item><item type="gls" lang="en">1SG</item></morph>
                </morphemes>
                <item type="gls" lang="en">I go</item>
                <item type="pos" lang="en">v</item>
              </word>
              <word><item type="punct" lang="xyz">!</item></word>
            </words>
            <item type="gls" lang="en">I am going.</item>
            <item type="note" lang="en">loud</item>
            <item type="note" lang="en">points at the door</item>
          </phrase>
          <phrase guid="33333333-3333-4333-8333-333333333332" speaker="Bo">
            <item type="segnum" lang="en">2</item>
            <words>
              <word><item type="txt" lang="xyz">lo</item></word>
            </words>
            <item type="gls" lang="en">Yes.</item>
          </phrase>
          <phrase guid="33333333-3333-4333-8333-333333333333" begin-time-offset="5000" end-time-offset="6000" speaker="Ada" media-file="44444444-4444-4444-8444-444444444444">
            <item type="segnum" lang="en">3</item>
            <words>
              <word guid="55555555-5555-4555-8555-555555555551"><item type="txt" lang="xyz">kurrin</item></word>
            </words>
          </phrase>
        </phrases>
      </paragraph>
    </paragraphs>
    <languages>
      <language lang="xyz" font="Charis SIL" vernacular="true"/>
      <language lang="en" font="Charis SIL"/>
    </languages>
    <media-files offset-type="milliseconds">
      <media guid="44444444-4444-4444-8444-444444444444" location="file:///recordings/home.wav"/>
    </media-files>
  </interlinear-text>
</document>
`
