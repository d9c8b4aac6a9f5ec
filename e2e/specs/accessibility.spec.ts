import type { Locator, Page } from '@playwright/test'
import { faults } from '../axe.ts'
import { expect, test } from '../workstation.ts'

/** Each of its screens is looked at by every rule. */
const AUDIT_TIMEOUT_MS = 600_000
const SCREENS = [
  'home',
  'corpus',
  'import',
  'review',
  'search',
  'agreement',
  'pseudo-glosses',
  'compare',
  'rating',
  'merge',
  'history',
  'models',
  'jobs',
  'export',
  'rights',
  'settings',
  'keys',
]
const MODES = ['Annotation', 'Segmentation', 'Transcription', 'Gloss grid', 'Subtitles']

async function openDemo(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Open the demo corpus' }).first().click()
  await expect(page.getByText('28 clips').first()).toBeVisible({ timeout: 120_000 })
}

async function show(page: Page, screen: string): Promise<void> {
  await page.goto(new URL(screen === 'home' ? '/' : `/${screen}`, page.url()).href)
  await expect(page.locator('main').getByRole('heading').first()).toBeAttached()
  await expect(page.getByRole('contentinfo').getByText('28 clips')).toBeVisible()
}

for (const theme of ['dark', 'light'] as const)
  test(`axe finds no fault by WCAG 2.2 AA on any screen, ${theme}`, async ({ page, workstation }) => {
    test.setTimeout(AUDIT_TIMEOUT_MS)
    await page.emulateMedia({ colorScheme: theme })
    await openDemo(page, workstation.url)
    const found: string[] = []

    for (const screen of SCREENS) {
      await show(page, screen)
      found.push(...(await faults(page, screen)))
    }
    await show(page, 'search')
    await page.getByRole('textbox', { name: 'Text to find' }).fill('a')
    await expect(page.getByRole('grid', { name: 'Hits' }).getByRole('row').nth(1)).toBeVisible()
    found.push(...(await faults(page, 'search with hits')))
    await show(page, 'annotate')
    for (const mode of MODES) {
      await page.getByRole('radio', { name: mode }).click()
      await expect(page.getByRole('radio', { name: mode })).toBeChecked()
      found.push(...(await faults(page, mode)))
    }
    await page.keyboard.press('Control+k')
    await page.keyboard.type('no command is called this')
    found.push(...(await faults(page, 'palette without a match')))
    await page.keyboard.press('Escape')
    await page.getByRole('radio', { name: 'Annotation' }).click()
    for (const command of ['Tier types', 'Vocabularies', 'Find and replace', 'Add a tier', 'Show the keys']) {
      await page.keyboard.press('Control+k')
      await page.keyboard.type(command)
      if (command === 'Show the keys') found.push(...(await faults(page, 'palette')))
      await page.keyboard.press('Enter')
      await expect(page.locator('.palette')).toBeHidden()
      await expect(page.getByRole('dialog')).toBeVisible()
      found.push(...(await faults(page, command)))
      await page.keyboard.press('Escape')
    }

    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    expect(found).toEqual([])
  })

interface Focused {
  name: string
  /** Which part of the window it is in. */
  part: string
  isMarked: boolean
  isInView: boolean
}

function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body
    const box = element.getBoundingClientRect()
    const isMarked = [element, element.closest('label'), element.parentElement].some(each => {
      if (!each) return false
      const style = getComputedStyle(each)
      return (
        (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1) ||
        style.boxShadow !== 'none'
      )
    })
    const part = element.closest('header.bar, nav.rail, main, footer.status')
    return {
      name:
        element === document.body
          ? '(window)'
          : (element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? ''),
      part: part?.matches('header')
        ? 'top'
        : part?.matches('nav')
          ? 'rail'
          : part?.matches('main')
            ? 'main'
            : part
              ? 'status'
              : '',
      isMarked,
      isInView:
        box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    }
  })
}

const isFocused = (locator: Locator) =>
  locator.evaluateAll(elements => elements.some(element => element === document.activeElement))

/** Presses Tab until the focus is there, and looks at every stop on the way. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let press = 0; press < 120; press++) {
    await page.keyboard.press('Tab')
    const stop = await focused(page)
    // Past the last stop the focus is the window's for one press.
    if (stop.name === '(window)') continue
    expect
      .soft(stop, `focus is seen on “${stop.name}” (${stop.part})`)
      .toMatchObject({ isMarked: true, isInView: true })
    if (await isFocused(target)) return
  }
  throw new Error('Tab does not get there.')
}

test('a sentence is corrected from start to end without a mouse', async ({ page, workstation }) => {
  await page.goto(workstation.url)
  await expect(page.getByRole('button', { name: 'Open the demo corpus' }).first()).toBeVisible()
  await tabTo(page, page.getByRole('button', { name: 'Open the demo corpus' }))
  await page.keyboard.press('Enter')
  await expect(page.getByText('28 clips').first()).toBeVisible({ timeout: 120_000 })

  await page.locator('body').press('Control+Home')
  await tabTo(page, page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Review' }))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/review\/\d+/)
  const clip = page.url()

  const reference = page.getByRole('textbox', { name: /Reference/ }).first()
  await expect(reference).not.toHaveValue('')
  await tabTo(page, reference)
  await page.keyboard.press('End')
  await page.keyboard.type(' heute')
  await page.keyboard.press('Control+Enter')
  await expect(page).not.toHaveURL(clip)
  await expect(page).toHaveURL(/review\/\d+/)
  await page.goto(clip)
  await expect(reference).toHaveValue(/heute/)
})

test('Tab goes once around Review in the order of the window, and is caught nowhere', async ({
  page,
  workstation,
}) => {
  await openDemo(page, workstation.url)
  await show(page, 'review')
  await expect(page.getByRole('button', { name: 'Gloss', exact: true })).toBeVisible()
  const parts: string[] = []
  for (let press = 0; press < 200; press++) {
    await page.keyboard.press('Tab')
    const { part } = await focused(page)
    if (parts.at(-1) !== part) parts.push(part)
    if (part === '' && parts.length > 2) break
  }
  expect(parts.filter(part => part !== '')).toEqual(['top', 'rail', 'main', 'status'])
})

for (const zoom of [1, 2, 3])
  test.describe(`at ${zoom * 100} %`, () => {
    test.use({
      viewport: { width: Math.round(1280 / zoom), height: Math.round(900 / zoom) },
      deviceScaleFactor: zoom,
    })

    test('no screen scrolls sideways, and its controls can be reached and clicked', async ({
      page,
      workstation,
    }) => {
      await openDemo(page, workstation.url)
      const found: string[] = []
      for (const screen of [...SCREENS, 'annotate']) {
        await show(page, screen)
        found.push(...(await layoutFaults(page)).map(fault => `${screen}: ${fault}`))
      }
      expect(found).toEqual([])
    })
  })

/** Page and main area wider than the window; controls that are cut off by it or covered where they are shown. */
function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const main = document.querySelector('main')
    for (const each of [document.documentElement, main])
      if (each && each.scrollWidth > each.clientWidth + 1)
        found.push(`${each.tagName} is ${each.scrollWidth} px wide in ${each.clientWidth}`)
    /** Whether the first box around it that cuts things off can be scrolled to it. */
    const isReached = (control: Element, around = control.parentElement): boolean => {
      if (!around || around === document.documentElement) return false
      const { overflowX, overflowY } = getComputedStyle(around)
      if (/auto|scroll/.test(overflowX + overflowY)) return true
      const [box, edge] = [control.getBoundingClientRect(), around.getBoundingClientRect()]
      const isCut =
        /hidden|clip/.test(overflowX + overflowY) && (box.left >= edge.right || box.top >= edge.bottom)
      return !isCut && isReached(control, around.parentElement)
    }
    for (const control of document.querySelectorAll('button, a[href], input, select, textarea')) {
      const box = control.getBoundingClientRect()
      if (box.width < 2 || !control.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        continue
      const name =
        control.getAttribute('aria-label') ?? control.textContent?.trim().slice(0, 30) ?? control.tagName
      const isOutside = box.right > innerWidth + 1 || box.left < -1 || box.bottom > innerHeight + 1
      if (isOutside) {
        if (!isReached(control) && !control.matches('.skip')) found.push(`“${name}” is cut off`)
        continue
      }
      control.scrollIntoView({ block: 'nearest' })
      const now = control.getBoundingClientRect()
      const top = document.elementFromPoint(now.left + now.width / 2, now.top + now.height / 2)
      if (top && !control.contains(top) && !top.contains(control) && top.closest('label') === null)
        found.push(`“${name}” is covered by ${top.tagName}.${top.className}`)
    }
    return found
  })
}

test('motion stops where the system asks for it', async ({ page, workstation }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openDemo(page, workstation.url)
  for (const screen of SCREENS) {
    await show(page, screen)
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter(element => {
          const { animationDuration, transitionDuration } = getComputedStyle(element)
          return [animationDuration, transitionDuration].some(list =>
            list.split(',').some(time => Number.parseFloat(time) > 0.01),
          )
        }).length,
    )
    expect(moving, screen).toBe(0)
  }
})

test('the page says which language it is in', async ({ page, workstation }) => {
  await page.goto(workstation.url)
  for (const [name, lang] of [
    ['Deutsch', 'de'],
    ['中文', 'zh'],
    ['English', 'en'],
  ] as const) {
    await page.getByRole('button', { name, exact: true }).click()
    await expect(page.locator('html')).toHaveAttribute('lang', lang)
  }
})

test('what the timeline paints is a list for screen readers', async ({ page, workstation }) => {
  await openDemo(page, workstation.url)
  await show(page, 'review')
  await page.getByRole('button', { name: 'Gloss', exact: true }).click()
  const list = page.getByRole('listbox', { name: 'Annotations of the active tier' })
  await expect(list.getByRole('option').first()).toHaveText(/^.+, \d+\.\d+ to \d+\.\d+ seconds$/)
  const timeline = page.getByRole('application', { name: 'Timeline' })
  await timeline.focus()
  await page.keyboard.press('ArrowRight')
  const id = await timeline.getAttribute('aria-activedescendant')
  await expect(list.locator(`[id="${id}"]`)).toHaveAttribute('aria-selected', 'true')
})
