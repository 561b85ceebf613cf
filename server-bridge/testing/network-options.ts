import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NetworkOptions } from '../contract/deployment-network.ts'

/** A network without anything set, but for what a test sets. */
export function networkOptions(set: Partial<NetworkOptions> = {}): NetworkOptions {
  return {
    caFile: '',
    certFile: '',
    keyFile: '',
    serverName: '',
    refreshCommand: '',
    headerCommand: '',
    proxies: [{ scheme: 'direct' }],
    proxyCredentials: null,
    ...set,
  }
}

export interface TestFolder {
  write(name: string, text: string): Promise<string>
  path(name: string): string
  remove(): Promise<void>
}

/** A private folder for certificates and keys. */
export async function makeTestFolder(): Promise<TestFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'outpost-network-'))
  return {
    path: (name) => join(folder, name),
    async write(name, text) {
      const path = join(folder, name)
      await writeFile(path, text)
      await chmod(path, 0o600)
      return path
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
