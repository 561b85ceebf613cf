/** Makes what replaces names of hosts by `host-1`, `host-2`, …: the same name by the same word, over all texts. */
export interface LeaveOutHosts {
  /** Names to look for beside those that stand in addresses. */
  add(name: string): void
  replaceIn(text: string): string
}

const inAddress =
  /\b(?:https?|wss?|ssh|socks5?h?):\/\/(?:[^\s/@]*@)?(\[[0-9a-f:.]+\]|[^\s/?#:"'\\,;()[\]{}]+)/gi
const ipv4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g
/** These say nothing about anybody. */
const ours = /^(?:localhost|\[?::1\]?|127\.\d+\.\d+\.\d+|0\.0\.0\.0|host-\d+)$/i

export function createLeaveOutHosts(): LeaveOutHosts {
  const words = new Map<string, string>()
  const wordOf = (name: string): string => {
    const key = name.toLowerCase()
    const known = words.get(key)
    if (known !== undefined) return known
    const word = `host-${String(words.size + 1)}`
    words.set(key, word)
    return word
  }
  const add = (name: string): void => {
    if (name !== '' && !ours.test(name)) wordOf(name)
  }
  return {
    add,
    replaceIn(text) {
      for (const [, host = ''] of text.matchAll(inAddress)) add(host)
      // The longer first: a host below another one is not that one with something before it.
      const names = [...words.keys()].sort((one, other) => other.length - one.length)
      let left = text
      for (const name of names) {
        const literal = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
        // Also as the end of a longer name: apps of a deployment live below its own.
        const anywhere = new RegExp(`(?<![a-z0-9-])(?:[a-z0-9_-]+\\.)*${literal}(?![a-z0-9-])`, 'gi')
        left = left.replaceAll(anywhere, wordOf(name))
      }
      return left.replaceAll(ipv4, (address) => (ours.test(address) ? address : wordOf(address)))
    },
  }
}
