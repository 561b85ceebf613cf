/**
 * OSC 133 (FinalTerm's shell integration, as iTerm2 and VS Code take it): `A` the prompt begins, `B` the command line
 * begins, `C` the output begins, `D ; code` the command ended. Marks follow their lines as the buffer scrolls.
 */
import type { IMarker, Terminal } from '@xterm/xterm'

/** Older ones are forgotten: a program may print marks without end. */
const maxPrompts = 1000

export interface CommandEnd {
  readonly durationMs: number
  /** `undefined` where the shell did not say. */
  readonly exitCode: number | undefined
}

export interface CommandMarks {
  /** Scrolls to the prompt before or after the shown one. False: there is none. */
  jump(direction: 'previous' | 'next'): boolean
  /** Selects what the last command printed. False: there is none. */
  selectLastOutput(): boolean
  onCommandEnd(listener: (end: CommandEnd) => void): () => void
}

export function createCommandMarks(terminal: Terminal, now: () => number): CommandMarks {
  const listeners = new Set<(end: CommandEnd) => void>()
  const prompts: IMarker[] = []
  let outputStart: IMarker | undefined
  let outputEnd: IMarker | undefined
  let startedAt: number | undefined

  terminal.parser.registerOscHandler(133, (data) => {
    const [kind, code] = data.split(';', 2)
    if (kind === 'A') {
      prompts.push(terminal.registerMarker(0))
      if (prompts.length > maxPrompts) prompts.shift()?.dispose()
    } else if (kind === 'C') {
      outputStart?.dispose()
      outputEnd?.dispose()
      outputEnd = undefined
      outputStart = terminal.registerMarker(0)
      startedAt = now()
    } else if (kind === 'D' && startedAt !== undefined) {
      outputEnd = terminal.registerMarker(0)
      const durationMs = now() - startedAt
      startedAt = undefined
      const exitCode = code !== undefined && /^\d{1,3}$/.test(code) ? Number(code) : undefined
      for (const listener of listeners) listener({ durationMs, exitCode })
    }
    return true
  })

  return {
    jump: (direction) => {
      const lines = prompts.filter(({ isDisposed }) => !isDisposed).map(({ line }) => line)
      const shown = terminal.buffer.active.viewportY
      const target =
        direction === 'previous' ? lines.findLast((line) => line < shown) : lines.find((line) => line > shown)
      if (target === undefined) return false
      terminal.scrollToLine(target)
      return true
    },
    selectLastOutput: () => {
      if (!outputStart || outputStart.isDisposed) return false
      const end =
        outputEnd && !outputEnd.isDisposed
          ? outputEnd.line - 1
          : terminal.buffer.active.baseY + terminal.rows - 1
      if (end < outputStart.line) return false
      terminal.selectLines(outputStart.line, end)
      return true
    },
    onCommandEnd: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
