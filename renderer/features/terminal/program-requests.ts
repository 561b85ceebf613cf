import type { Terminal } from '@xterm/xterm'
import { readClipboardRequest } from './clipboard-request.ts'
import { createCommandMarks, type CommandEnd } from './command-marks.ts'
import { readDirectory } from './working-directory.ts'

/** What a program on the other side may ask of the window. Each is a wish: whoever listens decides. */
export interface ProgramRequests {
  onBell(listener: () => void): () => void
  /** OSC 52. What the clipboard holds is never told. */
  onClipboardWrite(listener: (text: string) => void): () => void
  /** OSC 7: the shell's directory. */
  onDirectory(listener: (path: string) => void): () => void
  /** OSC 133. */
  onCommandEnd(listener: (end: CommandEnd) => void): () => void
  /** Scrolls to the prompt before or after the shown one. False: there is none. */
  jumpToPrompt(direction: 'previous' | 'next'): boolean
  /** Selects what the last command printed. False: there is none. */
  selectLastOutput(): boolean
}

/** Hears the requests of a terminal. */
export function createProgramRequests(terminal: Terminal): ProgramRequests {
  const clipboard = new Set<(text: string) => void>()
  const directory = new Set<(path: string) => void>()
  const marks = createCommandMarks(terminal, () => performance.now())
  terminal.parser.registerOscHandler(52, (data) => {
    const text = readClipboardRequest(data)
    if (text !== undefined) for (const listener of clipboard) listener(text)
    return true
  })
  terminal.parser.registerOscHandler(7, (data) => {
    const path = readDirectory(data)
    if (path !== undefined) for (const listener of directory) listener(path)
    return true
  })
  return {
    onBell: (listener) => {
      const registered = terminal.onBell(listener)
      return () => registered.dispose()
    },
    onClipboardWrite: (listener) => added(clipboard, listener),
    onDirectory: (listener) => added(directory, listener),
    onCommandEnd: marks.onCommandEnd,
    jumpToPrompt: marks.jump,
    selectLastOutput: marks.selectLastOutput,
  }
}

function added<T>(set: Set<T>, listener: T): () => void {
  set.add(listener)
  return () => void set.delete(listener)
}
