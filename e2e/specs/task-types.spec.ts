import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { signwrightJson } from '../command-line.ts'
import { expect, test } from '../workstation.ts'

async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click()
}

/** Names and glosses of the test clips of the demo; none of its cells is quoted. */
function testClips(): { name: string; glosses: string[] }[] {
  const table = readFileSync(new URL('../../resources/demo/references.csv', import.meta.url), 'utf8')
  return table
    .split('\n')
    .filter(line => line.startsWith('test-'))
    .map(line => line.split(','))
    .map(([name = '', , , , , glosses = '']) => ({ name, glosses: glosses.trim().split(' ') }))
}

interface Asked {
  messages: { role: string; content: string }[]
}

/** A language model that repeats the glosses in lower case; its first answer is that it is busy. */
async function serveModel() {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += String(part)
    const question = JSON.parse(body) as Asked
    asked.push(question)
    if (asked.length === 1) return response.writeHead(429, { 'retry-after': '0' }).end()
    const content = `${question.messages.at(-1)?.content.toLowerCase()} .`
    return response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { address: `http://127.0.0.1:${port}/v1`, asked, close }
}

test.setTimeout(300_000)

test('glosses become a run of sentences, and recognised glosses have a table of their own', async ({
  page,
  workstation,
  dataDir,
}) => {
  const model = await serveModel()
  try {
    const clips = testClips()
    const { dir } = signwrightJson<{ dir: string }>(dataDir, 'demo')
    const recognised = join(dataDir, 'recognised.txt')
    // One gloss is missing in every clip.
    writeFileSync(
      recognised,
      clips.map(({ name, glosses }) => `${name}|${glosses.slice(1).join(' ')}`).join('\n'),
    )
    const how = ['--format', 'predictions', '--run', 'recogniser', '--task', 'CSLR']
    signwrightJson(dataDir, 'import', recognised, '--corpus', dir, ...how)

    await page.goto(workstation.url)
    await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
    await expect(page.getByRole('contentinfo').filter({ hasText: '28 clips' })).toBeVisible({
      timeout: 120_000,
    })
    await goTo(page, 'Corpus')
    await page.getByRole('button', { name: 'Glosses to text…' }).click()
    await expect(page.getByText('No server is named')).toBeVisible()
    await page.getByRole('button', { name: 'Go to Settings' }).click()
    const address = page.getByLabel('Address of an OpenAI-compatible server')
    await address.fill(model.address)
    await address.press('Tab')
    await expect(page.getByText('SIGNWRIGHT_API_KEY')).toBeVisible()

    await goTo(page, 'Corpus')
    await page.getByRole('button', { name: 'Glosses to text…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Glosses to text' })
    await dialog.getByLabel('Model').fill('echo')
    await dialog.getByLabel('Examples in the prompt').fill('0')
    await dialog.getByLabel('Examples in the prompt').press('Tab')
    await expect(dialog.getByText('which is on this machine')).toBeVisible()
    await dialog.getByText('The whole prompt of the first clip').click()
    await expect(dialog.getByRole('list', { name: 'The whole prompt of the first clip' })).toContainText(
      /one German sentence .*user [A-ZÄÖÜ ]+$/,
    )
    expect(model.asked).toEqual([])
    await dialog.getByRole('button', { name: 'Start' }).click()

    await goTo(page, 'Jobs')
    const job = page.getByRole('article').filter({ hasText: 'Glosses to text with echo' })
    await expect(job.getByText('done', { exact: true })).toBeVisible({ timeout: 60_000 })
    expect(model.asked).toHaveLength(29)

    await goTo(page, 'Compare')
    const glosses = page.getByRole('region', { name: 'Glosses: word error rate' }).first()
    const words = clips.reduce((sum, each) => sum + each.glosses.length, 0)
    const rate = ((100 * clips.length) / words).toFixed(2)
    await expect(
      glosses.getByRole('row', { name: `recogniser CSLR WER ${rate} 0 ${clips.length} 0 ${words}` }),
    ).toBeVisible()
    await expect(page.getByRole('region', { name: 'Corpus scores' })).toContainText('echo · glosses')
    await expect(page.getByRole('region', { name: 'Corpus scores' })).not.toContainText('recogniser')
  } finally {
    model.close()
  }
})
