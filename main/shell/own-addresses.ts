import { networkInterfaces } from 'node:os'

/** Those by which others could be reached. Ends of containers come and go with addresses of their link alone. */
export function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address)
}
