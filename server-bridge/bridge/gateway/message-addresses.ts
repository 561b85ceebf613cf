/** Where messages of the older transport go: our own paths for the addresses the MCP server names. */
import { randomBytes } from 'node:crypto'

export interface MessageAddresses {
  /** Remembers an address and answers our path for it. @throws {SyntaxError} when it is not of the server's origin. */
  add(address: string, server: URL): { readonly path: string; readonly forget: () => void }
  find(path: string): URL | undefined
}

export function createMessageAddresses(basePath: string): MessageAddresses {
  const known = new Map<string, URL>()
  return {
    add(address, server) {
      const url = URL.canParse(address, server.href) ? new URL(address, server) : undefined
      if (url?.origin !== server.origin) {
        throw new SyntaxError('The MCP server wants messages at an address that is not its own.')
      }
      const path = `${basePath}/${randomBytes(16).toString('base64url')}`
      known.set(path, url)
      return { path, forget: () => known.delete(path) }
    },
    find: (path) => known.get(path),
  }
}
