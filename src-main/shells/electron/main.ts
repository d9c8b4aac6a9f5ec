import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  MessageChannelMain,
  protocol,
  session,
  utilityProcess,
  type UtilityProcess,
} from 'electron'
import { rendererFile } from '../server/renderer-files.ts'
import { defaultDataDir } from '../paths.ts'
import type { HostOptions, KeyQuestion, PrintQuestion } from './host-protocol.ts'
import { answerKey } from './keychain.ts'
import { fetchFromHost } from './media-bridge.ts'
import { setMenu } from './menu.ts'
import { answerPrint } from './print-pdf.ts'

const ORIGIN = 'signwright://app'
const appDir = app.getAppPath()
const packed = (folder: string) =>
  app.isPackaged ? join(process.resourcesPath, folder) : join(appDir, folder)

protocol.registerSchemesAsPrivileged([
  { scheme: 'signwright', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
])

let host: UtilityProcess | null = null

function startHost(): UtilityProcess {
  const options: HostOptions = {
    dataDir: defaultDataDir(),
    resourcesDir: packed('resources'),
    modelsDir: packed('models'),
    version: app.getVersion(),
  }
  const started = utilityProcess.fork(join(import.meta.dirname, 'core-host.js'), [JSON.stringify(options)], {
    serviceName: 'Signwright core',
  })
  started.on('message', (message: PrintQuestion | KeyQuestion) => {
    if (message.kind === 'print') void answerPrint(message).then(answer => started.postMessage(answer))
    else started.postMessage(answerKey(message, options.dataDir))
  })
  started.once('exit', code => {
    host = null
    if (code !== 0) askAfterCrash(code)
  })
  return started
}

function askAfterCrash(code: number): void {
  const choice = dialog.showMessageBoxSync({
    type: 'error',
    message: 'The core of Signwright ended unexpectedly.',
    detail: `Your corpus is safe: every edit was written as you made it. Interrupted jobs go on where they were. (Exit code ${code})`,
    buttons: ['Start it again', 'Quit'],
  })
  if (choice !== 0) return app.quit()
  host = startHost()
  for (const window of BrowserWindow.getAllWindows()) window.reload()
}

function openWindow(): void {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Signwright',
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
    },
  })
  window.once('ready-to-show', () => window.show())
  window.webContents.on('did-finish-load', () => {
    const { port1, port2 } = new MessageChannelMain()
    host?.postMessage('connect', [port1])
    window.webContents.postMessage('core-port', null, [port2])
  })
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  window.webContents.on('will-navigate', (event, url) => {
    if (!url.startsWith(`${ORIGIN}/`)) event.preventDefault()
  })
  void window.loadURL(`${ORIGIN}/`)
}

async function main(): Promise<void> {
  if (!app.requestSingleInstanceLock()) return app.quit()
  await app.whenReady()
  setMenu()
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  protocol.handle('signwright', request => {
    const { pathname, host: name } = new URL(request.url)
    if (name !== 'app') return new Response(null, { status: 404 })
    if (pathname.startsWith('/media/') && host) return fetchFromHost(host, request)
    return rendererFile(join(appDir, 'out', 'renderer'), request)
  })
  host = startHost()
  openWindow()
  app.on('second-instance', () => BrowserWindow.getAllWindows()[0]?.focus())
  app.on('activate', () => BrowserWindow.getAllWindows().length === 0 && openWindow())
  app.on('window-all-closed', () => process.platform !== 'darwin' && app.quit())
  app.on('before-quit', event => {
    if (!host) return
    event.preventDefault()
    host.once('exit', () => app.quit())
    host.postMessage('close')
  })
}

void main()
