import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What breaks a rule, in a line each; transitions have to be over, or axe measures a colour on its way. */
export async function faults(page: Page, where: string): Promise<string[]> {
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map(each => each.finished.catch(() => null))),
  )
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${where}: ${id} ${target.join(' ')}\n${failureSummary ?? ''}`),
  )
}
