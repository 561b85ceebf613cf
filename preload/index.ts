/**
 * The preload script: one duplex to main and frozen facts on `window.bridge`, nothing else. It listens to no window
 * message, so a page in a frame cannot talk to it, and takes no channel names.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { bridgePortMessageType, type BridgeFacts, type WindowBridge } from './contract/bridge-api.ts'
import type { MainToRenderer } from './contract/envelope.ts'

const factsArgument = '--outpost-facts='
const facts = Object.freeze(
  JSON.parse(
    process.argv.find((argument) => argument.startsWith(factsArgument))?.slice(factsArgument.length) ?? '{}',
  ) as BridgeFacts,
)

const channel = new MessageChannel()
ipcRenderer.postMessage('outpost:rpc', null, [channel.port2])

let listener: ((message: MainToRenderer) => void) | undefined
channel.port1.onmessage = (event: MessageEvent<MainToRenderer>) => {
  listener?.(event.data)
}

// Electron's way to move a port into the page: only the page's own world can receive it, since the message is posted
// to this very window and origin. The nonce is the page's own, so it knows its port from any other message.
ipcRenderer.on('outpost:bridge-port', (event, nonce: unknown) => {
  window.postMessage({ type: bridgePortMessageType, nonce }, window.location.origin, [...event.ports])
})

const bridge: WindowBridge = {
  facts,
  send: (message) => {
    channel.port1.postMessage(message)
  },
  onMessage: (take) => {
    listener = take
    return () => {
      if (listener === take) listener = undefined
    }
  },
  requestBridgePort: (nonce) => {
    ipcRenderer.send('outpost:bridge-port', nonce)
  },
  dropFiles: (files) => {
    const dropId = crypto.randomUUID()
    // Empty for a file that the page made itself: only what the user dropped has a path.
    const paths = files.flatMap((file) => webUtils.getPathForFile(file as File) || [])
    ipcRenderer.send('outpost:dropped-files', dropId, paths)
    return dropId
  },
}

contextBridge.exposeInMainWorld('bridge', bridge)
