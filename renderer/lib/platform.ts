/** True where the command key is the main modifier. Read from the browser, so it also holds in a plain preview. */
export function isMac(): boolean {
  return typeof navigator !== 'undefined' && /mac/i.test(navigator.platform)
}
