/** The microphone, which no page has by itself, and the system's own dictation where it has one. */
export interface Microphone {
  /**
   * Lets the page of a window open the microphone once, within a few seconds. Asks the system first where it wants to be
   * asked; false: the user or the system does not allow it.
   */
  allow(windowId: number): Promise<boolean>
  readonly hasSystemDictation: boolean
  /** Into the field that has the focus. */
  startSystemDictation(): void
}
