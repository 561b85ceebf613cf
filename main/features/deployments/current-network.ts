import { isDeepStrictEqual } from 'node:util'
import type { Network } from '#bridge/client/network/network'
import type { NetworkOptions } from '#bridge/contract/deployment-network'

/** Where a connection asks how its deployment is reached. */
export interface ConnectionNetwork {
  /** As it is now: settings and the system's proxy may have changed. */
  options(url: string): Promise<NetworkOptions>
  open(options: NetworkOptions, url: string): Network
}

/** The network of one connection: the same one until something about it changes. */
export class CurrentNetwork {
  readonly #source: ConnectionNetwork | undefined
  #open: { readonly network: Network; readonly url: string } | undefined

  constructor(source: ConnectionNetwork | undefined) {
    this.#source = source
  }

  /** @throws what reading the settings throws, such as a `SecretsError`. */
  async forNow(url: string): Promise<Network | undefined> {
    if (this.#source === undefined) return undefined
    const options = await this.#source.options(url)
    if (this.#open !== undefined && this.#isOpen(options, url)) return this.#open.network
    this.#open?.network.retire()
    const network = this.#source.open(options, url)
    this.#open = { network, url }
    return network
  }

  async isOutdated(url: string): Promise<boolean> {
    return this.#source !== undefined && !this.#isOpen(await this.#source.options(url), url)
  }

  close(): void {
    this.#open?.network.retire()
    this.#open = undefined
  }

  #isOpen(options: NetworkOptions, url: string): boolean {
    return this.#open?.url === url && isDeepStrictEqual(this.#open.network.options, options)
  }
}
