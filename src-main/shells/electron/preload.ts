import { ipcRenderer } from 'electron'

// Hands the core's port to the page and nothing else.
ipcRenderer.on('core-port', event =>
  window.postMessage('core-port', location.origin, event.ports as MessagePort[]),
)
