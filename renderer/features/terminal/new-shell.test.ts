import { describe, expect, it } from 'vitest'
import headless from '@xterm/headless'
import { EscapeScanner } from '#bridge/lib/escape-scanner'
import { modesOff, newShellSequence } from './new-shell.ts'

describe('the way to a new shell', () => {
  it('leaves the cursor where the dead shell left it', () => {
    expect(newShellSequence('normal')).not.toContain('1049')
  })

  it('leaves the screen of a full-screen program that died with its shell', () => {
    expect(newShellSequence('alternate')).toContain('\u001b[?1049l')
  })

  it('starts on a line of its own', () => {
    expect(newShellSequence('normal').endsWith('\r\n')).toBe(true)
    expect(newShellSequence('alternate').endsWith('\r\n')).toBe(true)
  })

  it('takes back all modes of the dead shell', async () => {
    expect(modesOff).toBe(EscapeScanner.undo)
    const terminal = new headless.Terminal({ allowProposedApi: true })
    const before = { ...terminal.modes }
    const dead = '\u001b[?1h\u001b=\u001b[?1003h\u001b[?1006h\u001b[?1004h\u001b[?2004h\u001b[?7l'
    await new Promise<void>((resolve) => terminal.write(dead, resolve))
    expect(terminal.modes).toMatchObject({ mouseTrackingMode: 'any', sendFocusMode: true })
    await new Promise<void>((resolve) => terminal.write(newShellSequence('normal'), resolve))
    expect({ ...terminal.modes }).toEqual(before)
    terminal.dispose()
  })
})
