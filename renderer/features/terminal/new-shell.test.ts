import { describe, expect, it } from 'vitest'
import { newShellSequence } from './new-shell.ts'

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
})
