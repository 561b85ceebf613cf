/** Same as `EscapeScanner.undo` of the bridge, which the window may not load: keypad, cursor and private modes. */
export const modesOff =
  '\u001b>\u001b[0 q\u001b[?1l\u001b[?7h\u001b[?25h\u001b[?1000l\u001b[?1002l\u001b[?1003l' +
  '\u001b[?1005l\u001b[?1006l\u001b[?1015l\u001b[?1004l\u001b[?2004l'

/**
 * What a screen is told between a dead shell and a new one: soft reset (DECSTR), out of a full-screen program, no
 * mouse or focus reports, no bracketed paste. Modes of the dead shell must not rule the new one, and what it printed stays above.
 */
export function newShellSequence(screen: 'normal' | 'alternate'): string {
  // Only there: on the normal screen 1049 takes the cursor back to wherever it was saved last, over what was printed.
  const leaveProgram = screen === 'alternate' ? '\u001b[?1049l' : ''
  return `\u001b[!p${leaveProgram}${modesOff}\r\n`
}
