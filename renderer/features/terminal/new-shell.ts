/**
 * What a screen is told between a dead shell and a new one: soft reset (DECSTR), out of a full-screen program, no
 * bracketed paste. Modes of the dead shell must not rule the new one, and what it printed stays above.
 */
export function newShellSequence(screen: 'normal' | 'alternate'): string {
  // Only there: on the normal screen 1049 takes the cursor back to wherever it was saved last, over what was printed.
  const leaveProgram = screen === 'alternate' ? '\u001b[?1049l' : ''
  return `\u001b[!p${leaveProgram}\u001b[?2004l\r\n`
}
