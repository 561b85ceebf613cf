import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import type { AppCommand } from '#ipc/app'
import type { Contract } from '#ipc/contract'
import { streamLatest, type LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { saveChosenFile } from '../../lib/save-chosen-file.ts'
import { createTokenBucket } from '../../lib/token-bucket.ts'
import type { AppFacts, Desktop } from '../../ports/desktop.ts'
import type { Windows } from '../../ports/windows.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { Commands } from './commands.ts'
import type { ExternalLinks } from './external-links.ts'
import type { ProcessHealth } from './process-health.ts'

export interface AppHandlersDeps {
  readonly facts: AppFacts
  readonly desktop: Desktop
  readonly windows: Pick<Windows, 'askAttention'>
  readonly commands: Commands
  readonly links: ExternalLinks
  readonly processes: LiveValue<ProcessHealth>
  /** Brings the window up and has it do something. */
  readonly command: (command: AppCommand) => void
  readonly clock: Clock
  readonly logger: Logger
}

/** Lines a window may write into main's log: a page that fails in a loop must not fill the disk. */
const ERROR_BURST = 20
const ERRORS_PER_SECOND = 0.2

/** A screenshot of three large displays has some 20 MB. */
const IMAGE_MAX_BYTES = 32_000_000

/** Notifications and calls for attention: the same for a shell that ends commands, or rings, in a loop. */
const NUDGE_BURST = 5
const NUDGES_PER_SECOND = 0.1

/** The procedures of the shell around the pages. */
export function createAppHandlers(deps: AppHandlersDeps): FeatureHandlers<Contract['app']> {
  const { desktop, facts, logger } = deps
  const reports = createTokenBucket({
    capacity: ERROR_BURST,
    refillPerSecond: ERRORS_PER_SECOND,
    clock: deps.clock,
  })
  let dropped = 0
  // Programs in terminals decide when these come.
  const nudges = createTokenBucket({
    capacity: NUDGE_BURST,
    refillPerSecond: NUDGES_PER_SECOND,
    clock: deps.clock,
  })
  return {
    watchCommands: (_, { signal }) => deps.commands.stream(signal),
    watchProcesses: (_, { signal }) => streamLatest(deps.processes, signal),
    openExternal: async ({ url, source }) => ({ opened: await deps.links.open(url, source) }),
    async copyText({ text }) {
      await desktop.writeClipboard(text)
      return null
    },
    readClipboardText: async () => ({ text: await desktop.readClipboard() }),
    async readClipboardImage() {
      const png = await desktop.readClipboardImage()
      if (png !== null && png.byteLength > IMAGE_MAX_BYTES)
        throw new ProcedureError('too_large', 'The picture in the clipboard is larger than 32 MB.')
      return { png: png?.toString('base64') ?? null }
    },
    saveText: async ({ suggestedName, text }) => ({
      saved: await saveChosenFile(desktop, { what: 'The file', suggestedName, content: text }),
    }),
    notifyCommandEnd({ deploymentId, workspaceId, workspaceName, seconds, exitCode }) {
      if (!nudges.take()) return null
      const how =
        exitCode === null ? '' : exitCode === 0 ? ' without an error' : ` with exit code ${exitCode}`
      desktop.notify({
        title: `A command on ${workspaceName} has ended`,
        body: `It ran for ${durationWords(seconds)} and ended${how}.`,
        onClick: () => deps.command({ kind: 'open-workspace', deploymentId, workspaceId }),
      })
      return null
    },
    askAttention() {
      if (nudges.take()) deps.windows.askAttention()
      return null
    },
    reportError({ message, stack, where }, { windowId }) {
      if (reports.take()) {
        logger.error('A window reported an error', {
          windowId,
          where,
          message,
          stack,
          ...(dropped > 0 ? { dropped } : {}),
        })
        dropped = 0
      } else {
        dropped += 1
      }
      return null
    },
    about: () => ({
      version: facts.version,
      electron: facts.electron,
      chrome: facts.chrome,
      node: facts.node,
      logFolder: facts.logDir,
    }),
    async openLogFolder() {
      await desktop.openFolder(facts.logDir)
      return null
    },
  }
}

function durationWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return seconds === 1 ? '1 second' : `${seconds} seconds`
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${minutes} min ${seconds % 60} s`
  return `${hours} h ${minutes % 60} min`
}
