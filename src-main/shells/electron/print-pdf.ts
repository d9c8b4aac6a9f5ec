import { BrowserWindow } from 'electron'
import type { PrintAnswer, PrintQuestion } from './host-protocol.ts'

/** Prints a page of ours in a window that nobody sees and in which no script runs. */
export async function answerPrint({ id, html }: PrintQuestion): Promise<PrintAnswer> {
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true, javascript: false } })
  try {
    await window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(html)}`)
    const pdf = await window.webContents.printToPDF({ pageSize: 'A4', printBackground: true })
    return { kind: 'printed', id, pdf }
  } catch (error) {
    return { kind: 'not-printed', id, reason: String(error) }
  } finally {
    window.destroy()
  }
}
