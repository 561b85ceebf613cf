/** The bridge process: keeps the deployments main told it about and the terminals, and tries MCP servers. */
import { createCoderClient, type CoderClient } from '../client/coder-client.ts'
import { mainToBridgeSchema, type BridgeToMain } from '../contract/bridge-port.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { ParentPort } from '../lib/process-host.ts'
import { asBytePort } from './byte-port.ts'
import { createKeptTerminals } from './kept-terminals.ts'
import { createMcpTests } from './mcp-tests.ts'
import { createWindowTerminals, type WindowTerminals } from './window-terminals.ts'

export interface Bridge {
  close(): void
}

/** Serves until main says `shutdown` or goes away; `onShutdown` is called then, once. */
export function createBridge(input: {
  readonly parent: ParentPort
  readonly clock: Clock
  readonly logger: Logger
  readonly onShutdown: () => void
}): Bridge {
  const { parent, clock, logger } = input
  const clients = new Map<string, { readonly key: string; readonly client: CoderClient }>()
  const windows = new Map<number, WindowTerminals>()
  const tell = (message: BridgeToMain) => {
    parent.post(message)
  }
  const mcpTests = createMcpTests({
    clock,
    onResult: (requestId, result) => {
      tell({ type: 'mcp-tested', requestId, result })
    },
  })
  const terminals = createKeptTerminals({
    clientOf: (deploymentId) => clients.get(deploymentId)?.client,
    clock,
    onSignedOut: (deploymentId) => {
      tell({ type: 'signed-out', deploymentId })
    },
  })

  const attach = (windowId: number, port: unknown) => {
    windows.get(windowId)?.close()
    windows.set(
      windowId,
      createWindowTerminals({
        port: asBytePort(port),
        terminals,
        logger: logger.child({ windowId }),
      }),
    )
  }

  const close = () => {
    for (const window of windows.values()) window.close()
    windows.clear()
    terminals.close()
    clients.clear()
    mcpTests.close()
  }
  const shutDown = () => {
    stopListening()
    stopWatching()
    close()
    input.onShutdown()
  }

  const stopListening = parent.onMessage((raw, ports) => {
    const parsed = mainToBridgeSchema.safeParse(raw)
    if (!parsed.success) {
      // The message may hold a token, so nothing of it is logged.
      logger.error('Main sent a message that does not fit')
      return
    }
    const message = parsed.data
    switch (message.type) {
      case 'set-deployment': {
        const key = `${message.url}\n${message.token}`
        // The same again after a restart of something else must not cut terminals that work.
        if (clients.get(message.deploymentId)?.key === key) return
        const client = createCoderClient({ baseUrl: message.url, token: message.token, logger })
        clients.set(message.deploymentId, { key, client })
        terminals.deploymentChanged(message.deploymentId)
        return
      }
      case 'remove-deployment':
        if (clients.delete(message.deploymentId)) terminals.deploymentChanged(message.deploymentId)
        return
      case 'attach-window':
        attach(message.windowId, ports[0])
        return
      case 'wake':
        terminals.wake()
        return
      case 'test-mcp':
        mcpTests.start(message.requestId, message)
        return
      case 'cancel-mcp-test':
        mcpTests.cancel(message.requestId)
        return
      case 'shutdown':
        shutDown()
    }
  })
  const stopWatching = parent.onClose(shutDown)
  tell({ type: 'ready', pid: process.pid })
  return { close }
}
