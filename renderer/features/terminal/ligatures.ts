import type { Terminal } from '@xterm/xterm'

/**
 * What programming fonts draw as one sign. xterm draws each cell for itself; cells that are joined are given to the font
 * as one text, and what it has no sign for looks as before. Longest first, since the first that fits is taken.
 */
const joined =
  /<!--|<==>|<-->|\.\.\.|===|!==|<=>|<->|-->|<--|==>|<==|=>>|->>|<<-|>>=|<<=|\|\|=|&&=|\?\?=|:::|\/\/\/|###|\+\+\+|\*\*\*|<\|>|\|>|<\||=>|->|<-|==|!=|<=|>=|&&|\|\||\?\?|\?\.|::|:=|\/\/|\/\*|\*\/|\+\+|--|<<|>>|\.\.|;;|##|\*\*|~=|~>|<~|=~|!!|<\/|\/>|%%/g

/** Where the ranges of a line are that are drawn together: from a column to the one behind the last. */
export function ligatureRanges(text: string): [number, number][] {
  return [...text.matchAll(joined)].map(({ 0: { length }, index }) => [index, index + length])
}

/** Ligatures of one terminal, switched on and off. */
export function createLigatures(
  terminal: Pick<Terminal, 'registerCharacterJoiner' | 'deregisterCharacterJoiner' | 'refresh' | 'rows'>,
): { set(isOn: boolean): void } {
  let joiner: number | undefined
  return {
    set(isOn) {
      if (isOn === (joiner !== undefined)) return
      if (joiner === undefined) joiner = terminal.registerCharacterJoiner(ligatureRanges)
      else {
        terminal.deregisterCharacterJoiner(joiner)
        joiner = undefined
      }
      terminal.refresh(0, terminal.rows - 1)
    },
  }
}
