import { oneLine } from './hostile-text.ts'

/**
 * The host of an address of the web, to be shown before anybody goes there: models, tools and servers say where to go.
 * Nothing for what is none, which is not offered.
 */
export function webHost(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { protocol, host } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? oneLine(host, 80) : undefined
}
