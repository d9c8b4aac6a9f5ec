import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signwright } from '../command-line.ts'
import { expect, startWorkstation, test } from '../workstation.ts'

/** Two defects: a date that is none, and an annotation that ends before it begins. */
const EAF = `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="Ada" DATE="yesterday" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <!-- kept -->
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="file:///D:/gone/session.mp4" MIME_TYPE="video/mp4"/>
    </HEADER>
    <TIME_ORDER>
        <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="100"/>
        <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="900"/>
        <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="1200"/>
        <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="1900"/>
    </TIME_ORDER>
    <TIER LINGUISTIC_TYPE_REF="gloss" PARTICIPANT="S1" TIER_ID="Glosses">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
                <ANNOTATION_VALUE>HOUSE</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts4" TIME_SLOT_REF2="ts3">
                <ANNOTATION_VALUE>GO</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="gloss" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>
`

test('an EAF with defects is mended, edited and exported; only that differs', async ({ page, dataDir }) => {
  const corpus = join(dataDir, 'Files.signwright')
  const out = join(dataDir, 'out')
  mkdirSync(out)
  const file = join(dataDir, 'session.eaf')
  writeFileSync(file, EAF)
  signwright(dataDir, 'create', corpus, '--name', 'Files')
  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  await page.goto(workstation.url)
  await expect(page.getByText('saved')).toBeVisible()
  await page.goto(new URL('/import?what=annotations', workstation.url).href)

  await page.getByLabel('File or folder').fill(file)
  await page.getByRole('button', { name: 'Preview', exact: true }).click()
  const defects = page.getByRole('region', { name: 'Defects' })
  await expect(defects.getByRole('row')).toHaveText(
    [/Line/, /2.*DATE.*can be mended/, /20.*a2.*can be mended/],
    { timeout: 60_000 },
  )
  await expect(page.getByText('not found')).toBeVisible()
  await expect(page.getByLabel(/Mend what can be mended \(2 of 2\)/)).toBeChecked()
  await page.getByRole('button', { name: 'Import one file' }).click()
  await page.getByRole('button', { name: 'Annotate session' }).click()

  await expect(page.getByRole('button', { name: 'Find session.mp4…' })).toBeVisible()
  await page.getByRole('radio', { name: 'Gloss grid' }).click()
  await page.getByRole('button', { name: 'All annotations' }).click()
  const cell = page.getByRole('grid', { name: 'All annotations' }).getByText('HOUSE', { exact: true })
  await cell.dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('HOME & <garden>')
  await page.keyboard.press('Enter')

  await page.getByRole('button', { name: 'Export…' }).click()
  await page.getByLabel('Folder', { exact: true }).fill(out)
  await page.getByLabel('Folder', { exact: true }).press('Tab')
  await expect(page.getByText('1 changed text.')).toBeVisible()
  await expect(page.getByText('Nothing is lost.')).toBeVisible()
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(page.getByText(/session\.eaf was written/)).toBeVisible()

  const expected = EAF.replace('"yesterday"', '"1970-01-01T00:00:00Z"')
    .replace('TIME_SLOT_REF1="ts4" TIME_SLOT_REF2="ts3"', 'TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4"')
    .replace('>HOUSE<', '>HOME &amp; &lt;garden&gt;<')
  expect(readFileSync(join(out, 'session.eaf'), 'utf8')).toBe(expected)
  expect(readFileSync(file, 'utf8')).toBe(EAF)
  await workstation.stop()
})

const MOUTHING = `    <TIER LINGUISTIC_TYPE_REF="gloss" PARTICIPANT="S1" TIER_ID="Mouthing"/>
    <TIER LINGUISTIC_TYPE_REF="gloss" PARTICIPANT="S1" TIER_ID="Notes"/>
`
const PFSX = `<preferences version="1.1">
    <prefList key="MultiTierViewer.TierOrder"><String>Mouthing</String><String>Glosses</String><String>Notes</String></prefList>
    <prefList key="MultiTierViewer.HiddenTiers"><String>Notes</String></prefList>
    <prefGroup key="TierColors"><pref key="Glosses"><Object class="java.awt.Color">0,160,160</Object></pref></prefGroup>
    <pref key="MediaTime"><Long>1200</Long></pref>
</preferences>`

test('tiers come as ELAN showed them, and go out as CHAT with what is lost told first', async ({
  page,
  dataDir,
}) => {
  const corpus = join(dataDir, 'Shown.signwright')
  const out = join(dataDir, 'out')
  mkdirSync(out)
  const file = join(dataDir, 'session.eaf')
  writeFileSync(file, EAF.replace('    <LINGUISTIC_TYPE', `${MOUTHING}    <LINGUISTIC_TYPE`))
  writeFileSync(join(dataDir, 'session.pfsx'), PFSX)
  signwright(dataDir, 'create', corpus, '--name', 'Shown')
  const workstation = await startWorkstation(dataDir, ['--corpus', corpus])
  await page.goto(workstation.url)
  await expect(page.getByText('saved')).toBeVisible()
  await page.goto(new URL('/import?what=annotations', workstation.url).href)

  await page.getByLabel('File or folder').fill(file)
  await page.getByRole('button', { name: 'Preview', exact: true }).click()
  const display = page.getByRole('region', { name: 'Display in ELAN' })
  await expect(display).toContainText(
    'From session.pfsx: order of the tiers, colour of one tier, one hidden tier',
    { timeout: 60_000 },
  )
  await expect(display).toContainText('Not taken over: MediaTime')
  await page.getByRole('button', { name: 'Import one file' }).click()
  await page.getByRole('button', { name: 'Annotate session' }).click()

  const timeline = page.getByRole('region', { name: 'Timeline' })
  await expect(timeline.getByRole('button', { name: /^Actions for tier/ })).toHaveText(['', ''])
  await expect(timeline.locator('button.name')).toHaveText(['Mouthing', 'Glosses'])
  const colour = timeline.locator('input[type=color]').nth(1)
  await expect(colour).toHaveValue('#00a0a0')
  await timeline.getByRole('button', { name: 'Actions for tier Glosses' }).click()
  await page.getByRole('menuitem', { name: 'Colour of its type' }).click()
  await expect(colour).toHaveValue('#808080')

  await page.getByRole('button', { name: 'Export…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Export the annotations of session' })
  await dialog.getByLabel('Folder', { exact: true }).fill(out)
  await dialog.getByLabel('Folder', { exact: true }).press('Tab')
  await dialog.getByLabel('Format').selectOption({ label: 'CHAT (TalkBank)' })
  await expect(dialog.getByText('What the format cannot hold')).toBeVisible()
  await expect(
    dialog.getByRole('listitem').filter({ hasText: 'tiers without annotations are left out.' }),
  ).toBeVisible()
  await expect(dialog.getByText('such as “*GLOSSES” for “Glosses”')).toBeVisible()
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(page.getByText(/session\.cha was written/)).toBeVisible()
  expect(readFileSync(join(out, 'session.cha'), 'utf8').split('\n').slice(5, -2)).toEqual([
    '@Media:\tsession, video',
    '@Transcriber:\tAda',
    '*GLOSSES:\tHOUSE . \u0015100_900\u0015',
    '*GLOSSES:\tGO . \u00151200_1900\u0015',
  ])
  await workstation.stop()
})
