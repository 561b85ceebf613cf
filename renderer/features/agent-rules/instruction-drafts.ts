import type { SystemPrompt } from '#ipc/agent-rules'
import { createRuleDrafts } from './rule-draft.ts'

/** As long as a deployment takes. */
const mostKib = 128
const mostBytes = mostKib * 1024

/** Instructions that were typed and not saved. */
export const systemPromptDrafts = createRuleDrafts<SystemPrompt>()
export const planModeDrafts = createRuleDrafts<string>()

/** Whether two say the same. */
export function isSamePrompt(a: SystemPrompt, b: SystemPrompt): boolean {
  return a.text === b.text && a.includesDefault === b.includesDefault
}

/** How much room a text takes, as the deployment counts it. */
export function roomOf(text: string): {
  readonly hint: string | undefined
  readonly problem: string | undefined
} {
  const bytes = new TextEncoder().encode(text).length
  const kib = Math.ceil(bytes / 1024)
  return {
    hint: bytes < mostBytes / 2 ? undefined : `${String(kib)} of ${String(mostKib)} KiB`,
    problem:
      bytes > mostBytes
        ? `This is ${(bytes - mostBytes).toLocaleString('en-US')} bytes too long: ${String(mostKib)} KiB is the most.`
        : undefined,
  }
}
