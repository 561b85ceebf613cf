/** The tests of MCP servers that run now, by request. */
import type { McpTestResult } from '../contract/mcp-test.ts'
import type { Clock } from '../lib/clock.ts'
import type { McpTestTarget } from './mcp-test.ts'

export interface McpTests {
  start(requestId: string, target: McpTestTarget): void
  /** Ends one without a result. */
  cancel(requestId: string): void
  /** Ends all. */
  close(): void
}

/** Runs tests; `onResult` hears of each that was not cancelled. */
export function createMcpTests(input: {
  readonly clock: Clock
  readonly onResult: (requestId: string, result: McpTestResult) => void
}): McpTests {
  const running = new Map<string, AbortController>()
  const cancel = (requestId: string): void => {
    running.get(requestId)?.abort()
    running.delete(requestId)
  }
  const run = async (requestId: string, target: McpTestTarget, signal: AbortSignal): Promise<void> => {
    // Loaded when somebody asks: the protocol's schemas are large, and terminals need none of them.
    const { testMcp } = await import('./mcp-test.ts')
    const result = await testMcp(target, { clock: input.clock, signal }).catch(
      // One that fails in a way nobody foresaw ends alone. The error may hold a value.
      (): McpTestResult => ({
        ok: false,
        kind: 'not_mcp',
        status: null,
        message: 'The server could not be tried. Check its address and its values.',
        detail: '',
      }),
    )
    if (!running.delete(requestId)) return
    input.onResult(requestId, result)
  }
  return {
    start(requestId, { url, transport, headers }) {
      const controller = new AbortController()
      running.set(requestId, controller)
      void run(requestId, { url, transport, headers }, controller.signal)
    },
    cancel,
    close() {
      for (const requestId of [...running.keys()]) cancel(requestId)
    },
  }
}
